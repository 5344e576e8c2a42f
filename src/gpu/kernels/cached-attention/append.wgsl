// Puts the keys and values of N new positions behind the `past` ones of a cache, in K rows each:
//   cache[r, past + i, :] = qkv[r / K, i, D ..]
// Shapes: qkv [B, N, 3D], the heads of q, then of k, then of v; cache [B K, capacity, 2D], k then v.
// One invocation an element of the cache.

struct Params {
  B: u32,
  N: u32,
  K: u32,
  D: u32,
  capacity: u32,
  past: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read_write> cache: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  let width = 2u * params.D;
  if (index >= params.B * params.K * params.N * width) {
    return;
  }
  let column = index % width;
  let i = index / width % params.N;
  let row = index / width / params.N;
  let source = (row / params.K * params.N + i) * 3u * params.D + params.D + column;
  cache[(row * params.capacity + params.past + i) * width + column] = qkv[source];
}
