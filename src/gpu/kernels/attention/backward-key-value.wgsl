// Attention, causal or not, gradients of the keys and values (FlashAttention, Dao et al. 2022, appendix B):
//   dk_j = sum_{i >= j} p_ij (dout_i · v_j - delta_i) q_i / sqrt(E),  dv_j = sum_{i >= j} p_ij dout_i
//   p_ij = exp(q_i · k_j / sqrt(E) - lse_i)
// Shapes: qkv, dqkv [B, L, 3D], of which dk and dv are written here; dout [B, L, D]; lse, delta [B, H, L],
// the latter from backward-query.wgsl. One invocation a (b, h, j), without barriers or atomics: each
// gradient has one writer, which adds in a fixed order. Put behind a head-….wgsl.

struct Params {
  B: u32,
  L: u32,
  H: u32,
}

override WORKGROUP: u32 = 64;
override HEAD_SIZE: u32 = 64; // E
override CAUSAL: bool = true; // without it every position attends to all L, and i >= j falls away

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read> dout: array<f32>;
@group(0) @binding(2) var<storage, read> lse: array<f32>;
@group(0) @binding(3) var<storage, read> delta: array<f32>;
@group(0) @binding(4) var<storage, read_write> dqkv: array<f32>;
@group(0) @binding(5) var<uniform> params: Params;

const QKV: u32 = 0u;
const DOUT: u32 = 1u;

fn vector(source: u32, at: u32) -> vec4f {
  if (source == QKV) {
    return vec4f(qkv[at], qkv[at + 1u], qkv[at + 2u], qkv[at + 3u]);
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
  let j = index % L;
  let h = index / L % params.H;
  let b = index / L / params.H;
  let first = b * L * 3u * D + h * HEAD_SIZE; // q of position 0
  let key = first + j * 3u * D + D;
  let value = key + D;
  let scale = inverseSqrt(f32(HEAD_SIZE));

  var k: Head;
  set_head(&k, scale, row(QKV, key));
  var v: Head;
  set_head(&v, 1.0, row(QKV, value));
  var dk: Head;
  var dv: Head;
  for (var i = select(0u, j, CAUSAL); i < L; i++) {
    let query = row(QKV, first + i * 3u * D);
    let gradient = row(DOUT, (b * L + i) * D + h * HEAD_SIZE);
    let statistics = (b * params.H + h) * L + i;
    let p = exp(inner(&k, query) - lse[statistics]);
    let ds = scale * p * (inner(&v, gradient) - delta[statistics]);
    add(&dk, 1.0, ds, query);
    add(&dv, 1.0, p, gradient);
  }
  for (var d = 0u; d < HEAD_SIZE; d++) {
    dqkv[key + d] = element(&dk, d);
    dqkv[value + d] = element(&dv, d);
  }
}
