// Causal attention, gradients of the keys and values (FlashAttention, Dao et al. 2022, appendix B):
//   dk_j = sum_{i >= j} p_ij (dout_i · v_j - delta_i) q_i / sqrt(E),  dv_j = sum_{i >= j} p_ij dout_i
//   p_ij = exp(q_i · k_j / sqrt(E) - lse_i)
// Shapes: qkv, dqkv [B, L, 3D], of which dk and dv are written here; dout [B, L, D]; lse, delta [B, H, L],
// the latter from backward-query.wgsl. One invocation a (b, h, j), without barriers or atomics: each
// gradient has one writer, which adds in a fixed order.

struct Params {
  B: u32,
  L: u32,
  H: u32,
}

override WORKGROUP: u32 = 64;
override HEAD_SIZE: u32 = 64; // E, at most 4 MAX_QUADS
const MAX_QUADS: u32 = 32; // vec4s of a head; an array of a function cannot have an override's length

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read> dout: array<f32>;
@group(0) @binding(2) var<storage, read> lse: array<f32>;
@group(0) @binding(3) var<storage, read> delta: array<f32>;
@group(0) @binding(4) var<storage, read_write> dqkv: array<f32>;
@group(0) @binding(5) var<uniform> params: Params;

// Which of the elements d … d + 3 belong to a head.
fn in_head(d: u32) -> vec4<bool> {
  return vec4u(d) + vec4u(0u, 1u, 2u, 3u) < vec4u(HEAD_SIZE);
}

fn load_qkv(head: u32, d: u32) -> vec4f {
  let at = head + d;
  let values = vec4f(qkv[at], qkv[at + 1u], qkv[at + 2u], qkv[at + 3u]);
  return select(vec4f(), values, in_head(d));
}

fn load_dout(head: u32, d: u32) -> vec4f {
  let at = head + d;
  let values = vec4f(dout[at], dout[at + 1u], dout[at + 2u], dout[at + 3u]);
  return select(vec4f(), values, in_head(d));
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
  let quads = (HEAD_SIZE + 3u) / 4u;
  let first = b * L * 3u * D + h * HEAD_SIZE; // q of position 0
  let key = first + j * 3u * D + D;
  let value = key + D;
  let scale = inverseSqrt(f32(HEAD_SIZE));

  var k: array<vec4f, MAX_QUADS>;
  var v: array<vec4f, MAX_QUADS>;
  var dk: array<vec4f, MAX_QUADS>;
  var dv: array<vec4f, MAX_QUADS>;
  for (var c = 0u; c < quads; c++) {
    k[c] = scale * load_qkv(key, 4u * c);
    v[c] = load_qkv(value, 4u * c);
    dk[c] = vec4f();
    dv[c] = vec4f();
  }
  for (var i = j; i < L; i++) {
    let query = first + i * 3u * D;
    let row = (b * L + i) * D + h * HEAD_SIZE;
    let statistics = (b * params.H + h) * L + i;
    var s = 0.0;
    var dp = 0.0;
    for (var c = 0u; c < quads; c++) {
      s += dot(k[c], load_qkv(query, 4u * c));
      dp += dot(v[c], load_dout(row, 4u * c));
    }
    let p = exp(s - lse[statistics]);
    let ds = scale * p * (dp - delta[statistics]);
    for (var c = 0u; c < quads; c++) {
      dk[c] += ds * load_qkv(query, 4u * c);
      dv[c] += p * load_dout(row, 4u * c);
    }
  }
  for (var d = 0u; d < HEAD_SIZE; d++) {
    dqkv[key + d] = dk[d / 4u][d % 4u];
    dqkv[value + d] = dv[d / 4u][d % 4u];
  }
}
