// Layer normalisation as in forward.wgsl, one invocation a row: no barriers, which a software adapter
// pays for a hundredfold.
//   out = (x - mean) * rstd * gamma + beta, over the last axis
// Shapes: x, out [R, C]; gamma, beta [C]; mean, rstd [R] are kept for the backward pass.

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

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * WORKGROUP;
  if (row >= params.R) {
    return;
  }
  let C = params.C;
  let base = row * C;
  var total = 0.0;
  for (var c = 0u; c < C; c++) {
    total += x[base + c];
  }
  let mu = total / f32(C);
  var squares = 0.0;
  for (var c = 0u; c < C; c++) {
    let centred = x[base + c] - mu;
    squares += centred * centred;
  }
  let inverse = inverseSqrt(squares / f32(C) + params.epsilon);
  for (var c = 0u; c < C; c++) {
    out[base + c] = (x[base + c] - mu) * inverse * gamma[c] + beta[c];
  }
  mean[row] = mu;
  rstd[row] = inverse;
}
