// The gradient of a softmax, in place, a row an invocation: gradient = p (gradient - sum p gradient).
// Shapes: p, gradient [rows, L].

struct Params {
  rows: u32,
  L: u32,
}

@group(0) @binding(0) var<storage, read> p: array<f32>;
@group(0) @binding(1) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

override WORKGROUP: u32 = 16;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows) {
    return;
  }
  let base = id.x * params.L;
  var mean = 0.0;
  for (var j = 0u; j < params.L; j++) {
    mean += p[base + j] * gradient[base + j];
  }
  for (var j = 0u; j < params.L; j++) {
    gradient[base + j] = p[base + j] * (gradient[base + j] - mean);
  }
}
