// Layer normalisation as in forward.wgsl, one invocation a row: no barriers, which a software adapter
// pays for a hundredfold.
//   out = (x - mean) * rstd * gamma + beta, over the last axis
// Shapes: x, out [R, C]; gamma, beta [C]; mean, rstd [R] are kept for the backward pass. Put behind lanes.

struct Params {
  R: u32,
  C: u32, // in Lanes
  width: f32, // in elements
  epsilon: f32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<Lanes>;
@group(0) @binding(1) var<storage, read> gamma: array<Lanes>;
@group(0) @binding(2) var<storage, read> beta: array<Lanes>;
@group(0) @binding(3) var<storage, read_write> out: array<Lanes>;
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
  var total = Lanes();
  for (var c = 0u; c < C; c++) {
    total += x[base + c];
  }
  let mu = inner(total, Lanes(1.0)) / params.width;
  var squares = Lanes();
  for (var c = 0u; c < C; c++) {
    let centred = x[base + c] - mu;
    squares += centred * centred;
  }
  let inverse = inverseSqrt(inner(squares, Lanes(1.0)) / params.width + params.epsilon);
  for (var c = 0u; c < C; c++) {
    out[base + c] = (x[base + c] - mu) * inverse * gamma[c] + beta[c];
  }
  mean[row] = mu;
  rstd[row] = inverse;
}
