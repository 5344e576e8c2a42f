// Multi-head attention, causal or not, (Vaswani et al. 2017) with the online softmax of FlashAttention
// (Dao et al. 2022), so that no [L, L] scores are stored:
//   out_i = sum_{j <= i} exp(s_ij - lse_i) v_j,  s_ij = q_i · k_j / sqrt(E),  lse_i = log sum_j exp(s_ij)
// Shapes: qkv [B, L, 3D], the heads of q, then of k, then of v; out [B, L, D]; lse [B, H, L] is kept for
// the backward pass; D = H E. One invocation a (b, h, i), without barriers.

struct Params {
  B: u32,
  L: u32,
  H: u32,
}

override WORKGROUP: u32 = 64;
override HEAD_SIZE: u32 = 64; // E, at most 4 MAX_QUADS
override CAUSAL: bool = true; // without it every position attends to all L, and j <= i falls away
const MAX_QUADS: u32 = 32; // vec4s of a head; an array of a function cannot have an override's length
const LOWEST: f32 = -1e30; // stands for minus infinity, which WGSL may assume away

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
@group(0) @binding(2) var<storage, read_write> lse: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

// Elements d … d + 3 of the head that starts at `head`; zeros past its end.
fn load_qkv(head: u32, d: u32) -> vec4f {
  let at = head + d;
  let values = vec4f(qkv[at], qkv[at + 1u], qkv[at + 2u], qkv[at + 3u]);
  return select(vec4f(), values, vec4u(d) + vec4u(0u, 1u, 2u, 3u) < vec4u(HEAD_SIZE));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  let L = params.L;
  if (index >= params.B * params.H * L) {
    return;
  }
  let D = params.H * HEAD_SIZE;
  let i = index % L;
  let h = index / L % params.H;
  let b = index / L / params.H;
  let quads = (HEAD_SIZE + 3u) / 4u;
  let first = b * L * 3u * D + h * HEAD_SIZE; // q of position 0
  let scale = inverseSqrt(f32(HEAD_SIZE));

  var q: array<vec4f, MAX_QUADS>;
  var sum: array<vec4f, MAX_QUADS>; // of exp(s - top) v
  for (var c = 0u; c < quads; c++) {
    q[c] = scale * load_qkv(first + i * 3u * D, 4u * c);
    sum[c] = vec4f();
  }
  var top = LOWEST;
  var total = 0.0; // of exp(s - top)
  let last = select(L - 1u, i, CAUSAL);
  for (var j = 0u; j <= last; j++) {
    let k = first + j * 3u * D + D;
    let v = k + D;
    var s = 0.0;
    for (var c = 0u; c < quads; c++) {
      s += dot(q[c], load_qkv(k, 4u * c));
    }
    let new_top = max(top, s);
    let decay = exp(top - new_top);
    let weight = exp(s - new_top);
    top = new_top;
    total = total * decay + weight;
    for (var c = 0u; c < quads; c++) {
      sum[c] = sum[c] * decay + weight * load_qkv(v, 4u * c);
    }
  }
  lse[index] = top + log(total);
  let row = (b * L + i) * D + h * HEAD_SIZE;
  for (var d = 0u; d < HEAD_SIZE; d++) {
    out[row + d] = sum[d / 4u][d % 4u] / total;
  }
}
