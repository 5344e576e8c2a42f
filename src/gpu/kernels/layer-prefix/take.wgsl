// Gradient of put.wgsl: what reached the first P keys and values of a layer is the prefix's, and goes no further:
//   dprefix[b, p, layer] = dqkv[b, p, D ..],   then dqkv[b, p, D ..] = 0
// Shapes: dprefix [B, P, N, 2D]; dqkv [B, L, 3D]. One invocation an element.

struct Params {
  B: u32,
  P: u32,
  N: u32,
  L: u32,
  D: u32,
  layer: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read_write> dprefix: array<f32>;
@group(0) @binding(1) var<storage, read_write> dqkv: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  let width = 2u * params.D;
  if (index >= params.B * params.P * width) {
    return;
  }
  let column = index % width;
  let row = index / width; // (b, p)
  let position = row / params.P * params.L + row % params.P;
  let at = position * 3u * params.D + params.D + column;
  dprefix[(row * params.N + params.layer) * width + column] = dqkv[at];
  dqkv[at] = 0.0;
}
