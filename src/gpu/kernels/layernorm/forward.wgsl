// Layer normalisation (Ba et al. 2016): out = (x - mean) * rstd * gamma + beta, over the last axis.
// Shapes: x, out [R, C]; gamma, beta [C]; mean, rstd [R] are kept for the backward pass.
// One workgroup a row. The variance is that of the centred values, as in PyTorch.

struct Params {
  R: u32,
  C: u32,
  epsilon: f32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> gamma: array<f32>;
@group(0) @binding(2) var<storage, read> beta: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
@group(0) @binding(4) var<storage, read_write> mean: array<f32>;
@group(0) @binding(5) var<storage, read_write> rstd: array<f32>;
@group(0) @binding(6) var<uniform> params: Params;

alias Summed = f32;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let row = group.x + group.y * groups.x;
  if (row >= params.R) {
    return;
  }
  let C = params.C;
  let base = row * C;
  var local_sum = 0.0;
  for (var c = lane; c < C; c += WORKGROUP) {
    local_sum += x[base + c];
  }
  let mu = workgroup_sum(lane, local_sum) / f32(C);
  var local_squares = 0.0;
  for (var c = lane; c < C; c += WORKGROUP) {
    let centred = x[base + c] - mu;
    local_squares += centred * centred;
  }
  let inverse = inverseSqrt(workgroup_sum(lane, local_squares) / f32(C) + params.epsilon);
  for (var c = lane; c < C; c += WORKGROUP) {
    out[base + c] = (x[base + c] - mu) * inverse * gamma[c] + beta[c];
  }
  if (lane == 0u) {
    mean[row] = mu;
    rstd[row] = inverse;
  }
}
