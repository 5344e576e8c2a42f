// Gradient of y = max(x, 0), from the output: dx = dout where y > 0, else 0 (PyTorch's choice at x = 0).
// Shapes: dout, y, dx [n]. One invocation an element.

struct Params {
  n: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> dout: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (index >= params.n) {
    return;
  }
  dx[index] = select(0.0, dout[index], y[index] > 0.0);
}
