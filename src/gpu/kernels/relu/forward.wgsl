// Rectifier: y = max(x, 0).
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
  y[index] = max(x[index], 0.0);
}
