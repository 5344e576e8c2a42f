// Causal attention of N new positions to a cache of keys and values that already holds them:
//   out_i = sum_{j <= past + i} softmax_j(q_i · k_j / sqrt(E)) v_j
// with the online softmax of FlashAttention (Dao et al. 2022).
// Shapes: qkv [B, N, 3D], of which q is read; cache [B K, capacity, 2D], the heads of k, then of v, of
// which every K-th row is read; out [B, N, D]; D = H E. One invocation a (b, h, i), without barriers.

struct Params {
  B: u32,
  N: u32,
  K: u32,
  H: u32,
  capacity: u32,
  past: u32,
}

override WORKGROUP: u32 = 64;
override HEAD_SIZE: u32 = 64; // E, at most 4 MAX_QUADS
const MAX_QUADS: u32 = 32; // vec4s of a head; an array of a function cannot have an override's length
const LOWEST: f32 = -1e30; // stands for minus infinity, which WGSL may assume away

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read> cache: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

fn inside(values: vec4f, d: u32) -> vec4f {
  return select(vec4f(), values, vec4u(d) + vec4u(0u, 1u, 2u, 3u) < vec4u(HEAD_SIZE));
}

// Elements d … d + 3 of the head that starts at `head`; zeros past its end.
fn load_query(head: u32, d: u32) -> vec4f {
  let at = head + d;
  return inside(vec4f(qkv[at], qkv[at + 1u], qkv[at + 2u], qkv[at + 3u]), d);
}

fn load_cache(head: u32, d: u32) -> vec4f {
  let at = head + d;
  return inside(vec4f(cache[at], cache[at + 1u], cache[at + 2u], cache[at + 3u]), d);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  let N = params.N;
  if (index >= params.B * params.H * N) {
    return;
  }
  let D = params.H * HEAD_SIZE;
  let i = index % N;
  let h = index / N % params.H;
  let b = index / N / params.H;
  let quads = (HEAD_SIZE + 3u) / 4u;
  let scale = inverseSqrt(f32(HEAD_SIZE));
  let first = b * params.K * params.capacity * 2u * D + h * HEAD_SIZE; // k of position 0

  var q: array<vec4f, MAX_QUADS>;
  var sum: array<vec4f, MAX_QUADS>; // of exp(s - top) v
  for (var c = 0u; c < quads; c++) {
    q[c] = scale * load_query((b * N + i) * 3u * D + h * HEAD_SIZE, 4u * c);
    sum[c] = vec4f();
  }
  var top = LOWEST;
  var total = 0.0; // of exp(s - top)
  for (var j = 0u; j <= params.past + i; j++) {
    let k = first + j * 2u * D;
    let v = k + D;
    var s = 0.0;
    for (var c = 0u; c < quads; c++) {
      s += dot(q[c], load_cache(k, 4u * c));
    }
    let new_top = max(top, s);
    let decay = exp(top - new_top);
    let weight = exp(s - new_top);
    top = new_top;
    total = total * decay + weight;
    for (var c = 0u; c < quads; c++) {
      sum[c] = sum[c] * decay + weight * load_cache(v, 4u * c);
    }
  }
  let row = (b * N + i) * D + h * HEAD_SIZE;
  for (var d = 0u; d < HEAD_SIZE; d++) {
    out[row + d] = sum[d / 4u][d % 4u] / total;
  }
}
