// Attention, causal or not, gradient of the queries (FlashAttention, Dao et al. 2022, appendix B):
//   dq_i = sum_{j <= i} p_ij (dout_i · v_j - delta_i) k_j / sqrt(E)
//   p_ij = exp(q_i · k_j / sqrt(E) - lse_i),  delta_i = dout_i · out_i
// Shapes: qkv, dqkv [B, L, 3D], of which dq is written here; out, dout [B, L, D]; lse [B, H, L];
// delta [B, H, L] is written for the keys' gradient. One invocation a (b, h, i), without barriers.
// Put behind a head-….wgsl.

struct Params {
  B: u32,
  L: u32,
  H: u32,
}

override WORKGROUP: u32 = 64;
override HEAD_SIZE: u32 = 64; // E
override CAUSAL: bool = true; // without it every position attends to all L, and j <= i falls away

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read> out: array<f32>;
@group(0) @binding(2) var<storage, read> dout: array<f32>;
@group(0) @binding(3) var<storage, read> lse: array<f32>;
@group(0) @binding(4) var<storage, read_write> dqkv: array<f32>;
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;
@group(0) @binding(6) var<uniform> params: Params;

const QKV: u32 = 0u;
const OUT: u32 = 1u;
const DOUT: u32 = 2u;

fn vector(source: u32, at: u32) -> vec4f {
  if (source == QKV) {
    return vec4f(qkv[at], qkv[at + 1u], qkv[at + 2u], qkv[at + 3u]);
  }
  if (source == OUT) {
    return vec4f(out[at], out[at + 1u], out[at + 2u], out[at + 3u]);
  }
  return vec4f(dout[at], dout[at + 1u], dout[at + 2u], dout[at + 3u]);
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
  let at = (b * L + i) * D + h * HEAD_SIZE;
  let scale = inverseSqrt(f32(HEAD_SIZE));

  var q: Head;
  set_head(&q, scale, row(QKV, first + i * 3u * D));
  var g: Head; // dout
  set_head(&g, 1.0, row(DOUT, at));
  let weighted = inner(&g, row(OUT, at));
  delta[index] = weighted;
  let normalizer = lse[index];
  var dq: Head;
  let last = select(L - 1u, i, CAUSAL);
  for (var j = 0u; j <= last; j++) {
    let key = row(QKV, first + j * 3u * D + D);
    let p = exp(inner(&q, key) - normalizer);
    let dp = inner(&g, row(QKV, first + j * 3u * D + 2u * D));
    add(&dq, 1.0, scale * p * (dp - weighted), key);
  }
  for (var d = 0u; d < HEAD_SIZE; d++) {
    dqkv[first + i * 3u * D + d] = element(&dq, d);
  }
}
