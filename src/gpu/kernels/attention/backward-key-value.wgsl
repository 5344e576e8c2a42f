// Attention, causal or not, gradients of the keys and values (FlashAttention, Dao et al. 2022, appendix B):
//   dk_j = sum_{i >= j} p_ij (dout_i · v_j - delta_i) q_i / sqrt(E),  dv_j = sum_{i >= j} p_ij dout_i
//   p_ij = exp(q_i · k_j / sqrt(E) - lse_i)
// Shapes: qkv, dqkv [B, L, 3D], of which dk and dv are written here; dout [B, L, D]; lse, delta [B, H, L],
// the latter from backward-query.wgsl. One invocation a (b, h, j), four queries at a time, without
// barriers or atomics: each gradient has one writer, which adds in a fixed order.

struct Params {
  B: u32,
  L: u32,
  H: u32,
}

override WORKGROUP: u32 = 64;
override HEAD_SIZE: u32 = 64; // E, at most 4 MAX_QUADS
override CAUSAL: bool = true; // without it every position attends to all L, and i >= j falls away
const FOUR = vec4u(0u, 1u, 2u, 3u); // offsets of what is taken together
const MAX_QUADS: u32 = 32; // vec4s of a head; an array of a function cannot have an override's length

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read> dout: array<f32>;
@group(0) @binding(2) var<storage, read> lse: array<f32>;
@group(0) @binding(3) var<storage, read> delta: array<f32>;
@group(0) @binding(4) var<storage, read_write> dqkv: array<f32>;
@group(0) @binding(5) var<uniform> params: Params;

// Which of the elements d … d + 3 belong to a head.
fn in_head(d: u32) -> vec4<bool> {
  return vec4u(d) + FOUR < vec4u(HEAD_SIZE);
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

// Elements d … d + 3 of four heads, one a column: v * rows is four dot products, rows * w a weighted sum.
fn load_queries(heads: vec4u, d: u32) -> mat4x4f {
  return mat4x4f(
    load_qkv(heads.x, d), load_qkv(heads.y, d), load_qkv(heads.z, d), load_qkv(heads.w, d),
  );
}

fn load_douts(heads: vec4u, d: u32) -> mat4x4f {
  return mat4x4f(
    load_dout(heads.x, d), load_dout(heads.y, d), load_dout(heads.z, d), load_dout(heads.w, d),
  );
}

fn load_lse(at: vec4u) -> vec4f {
  return vec4f(lse[at.x], lse[at.y], lse[at.z], lse[at.w]);
}

fn load_delta(at: vec4u) -> vec4f {
  return vec4f(delta[at.x], delta[at.y], delta[at.z], delta[at.w]);
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
  for (var i = select(0u, j, CAUSAL); i < L; i += 4u) {
    let rows = min(vec4u(i) + FOUR, vec4u(L - 1u));
    let queries = first + 3u * D * rows;
    let outs = (b * L + rows) * D + h * HEAD_SIZE;
    let statistics = (b * params.H + h) * L + rows;
    var s = vec4f();
    var dp = vec4f();
    for (var c = 0u; c < quads; c++) {
      s += k[c] * load_queries(queries, 4u * c);
      dp += v[c] * load_douts(outs, 4u * c);
    }
    let p = select(vec4f(), exp(s - load_lse(statistics)), vec4u(i) + FOUR < vec4u(L));
    let ds = scale * p * (dp - load_delta(statistics));
    for (var c = 0u; c < quads; c++) {
      dk[c] += load_queries(queries, 4u * c) * ds;
      dv[c] += load_douts(outs, 4u * c) * p;
    }
  }
  for (var d = 0u; d < HEAD_SIZE; d++) {
    dqkv[key + d] = dk[d / 4u][d % 4u];
    dqkv[value + d] = dv[d / 4u][d % 4u];
  }
}
