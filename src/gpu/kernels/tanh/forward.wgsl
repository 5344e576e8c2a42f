// Hyperbolic tangent: y = tanh(x).
// Shapes: x, y [n]. One invocation an element.

struct Params {
  n: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (index >= params.n) {
    return;
  }
  // Some drivers' tanh overflows to NaN; past 10 it is 1 in f32 anyway.
  y[index] = tanh(clamp(x[index], -10.0, 10.0));
}
