// Keys and values of a deep prefix take the place of those that a layer computed of the first P positions:
//   qkv[b, p, D ..] = prefix[b, p, layer]
// Shapes: prefix [B, P, N, 2D], k then v of each of N layers; qkv [B, L, 3D]. One invocation an element.

struct Params {
  B: u32,
  P: u32,
  N: u32,
  L: u32,
  D: u32,
  layer: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> prefix: array<f32>;
@group(0) @binding(1) var<storage, read_write> qkv: array<f32>;
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
  qkv[position * 3u * params.D + params.D + column] =
    prefix[(row * params.N + params.layer) * width + column];
}
