// Multi-head attention, causal or not, (Vaswani et al. 2017) with the online softmax of FlashAttention
// (Dao et al. 2022), so that no [L, L] scores are stored:
//   out_i = sum_{j <= i} exp(s_ij - lse_i) v_j,  s_ij = q_i · k_j / sqrt(E),  lse_i = log sum_j exp(s_ij)
// Shapes: qkv [B, L, 3D], the heads of q, then of k, then of v; out [B, L, D]; lse [B, H, L] is kept for
// the backward pass; D = H E. One invocation a (b, h, i), without barriers. Put behind a head-….wgsl.

struct Params {
  B: u32,
  L: u32,
  H: u32,
}

override WORKGROUP: u32 = 64;
override HEAD_SIZE: u32 = 64; // E
override CAUSAL: bool = true; // without it every position attends to all L, and j <= i falls away
const LOWEST: f32 = -1e30; // stands for minus infinity, which WGSL may assume away

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
@group(0) @binding(2) var<storage, read_write> lse: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

fn vector(source: u32, at: u32) -> vec4f {
  return vec4f(qkv[at], qkv[at + 1u], qkv[at + 2u], qkv[at + 3u]);
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
  let first = b * L * 3u * D + h * HEAD_SIZE; // q of position 0

  var q: Head;
  set_head(&q, inverseSqrt(f32(HEAD_SIZE)), row(0u, first + i * 3u * D));
  var sum: Head; // of exp(s - top) v
  var top = LOWEST;
  var total = 0.0; // of exp(s - top)
  let last = select(L - 1u, i, CAUSAL);
  for (var j = 0u; j <= last; j++) {
    let k = first + j * 3u * D + D;
    let s = inner(&q, row(0u, k));
    let new_top = max(top, s);
    let decay = exp(top - new_top);
    let weight = exp(s - new_top);
    top = new_top;
    total = total * decay + weight;
    add(&sum, decay, weight, row(0u, k + D));
  }
  lse[index] = top + log(total);
  let at = (b * L + i) * D + h * HEAD_SIZE;
  for (var d = 0u; d < HEAD_SIZE; d++) {
    out[at + d] = element(&sum, d) / total;
  }
}
