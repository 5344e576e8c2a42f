// Attention, causal or not, gradient of the queries (FlashAttention, Dao et al. 2022, appendix B):
//   dq_i = sum_{j <= i} p_ij (dout_i · v_j - delta_i) k_j / sqrt(E)
//   p_ij = exp(q_i · k_j / sqrt(E) - lse_i),  delta_i = dout_i · out_i
// Shapes: qkv, dqkv [B, L, 3D], of which dq is written here; out, dout [B, L, D]; lse [B, H, L];
// delta [B, H, L] is written for the keys' gradient. One invocation a (b, h, i), without barriers, four
// keys at a time.

struct Params {
  B: u32,
  L: u32,
  H: u32,
}

override WORKGROUP: u32 = 64;
override HEAD_SIZE: u32 = 64; // E, at most 4 MAX_QUADS
override CAUSAL: bool = true; // without it every position attends to all L, and j <= i falls away
const FOUR = vec4u(0u, 1u, 2u, 3u); // offsets of what is taken together
const MAX_QUADS: u32 = 32; // vec4s of a head; an array of a function cannot have an override's length

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read> out: array<f32>;
@group(0) @binding(2) var<storage, read> dout: array<f32>;
@group(0) @binding(3) var<storage, read> lse: array<f32>;
@group(0) @binding(4) var<storage, read_write> dqkv: array<f32>;
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;
@group(0) @binding(6) var<uniform> params: Params;

// Which of the elements d … d + 3 belong to a head.
fn in_head(d: u32) -> vec4<bool> {
  return vec4u(d) + FOUR < vec4u(HEAD_SIZE);
}

fn load_qkv(head: u32, d: u32) -> vec4f {
  let at = head + d;
  let values = vec4f(qkv[at], qkv[at + 1u], qkv[at + 2u], qkv[at + 3u]);
  return select(vec4f(), values, in_head(d));
}

fn load_out(head: u32, d: u32) -> vec4f {
  let at = head + d;
  let values = vec4f(out[at], out[at + 1u], out[at + 2u], out[at + 3u]);
  return select(vec4f(), values, in_head(d));
}

fn load_dout(head: u32, d: u32) -> vec4f {
  let at = head + d;
  let values = vec4f(dout[at], dout[at + 1u], dout[at + 2u], dout[at + 3u]);
  return select(vec4f(), values, in_head(d));
}

// Elements d … d + 3 of four heads, one a column: v * rows is four dot products, rows * w a weighted sum.
fn load_rows(heads: vec4u, d: u32) -> mat4x4f {
  return mat4x4f(
    load_qkv(heads.x, d), load_qkv(heads.y, d), load_qkv(heads.z, d), load_qkv(heads.w, d),
  );
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
  let row = (b * L + i) * D + h * HEAD_SIZE;
  let scale = inverseSqrt(f32(HEAD_SIZE));

  var q: array<vec4f, MAX_QUADS>;
  var g: array<vec4f, MAX_QUADS>; // dout
  var dq: array<vec4f, MAX_QUADS>;
  var weighted = 0.0; // delta
  for (var c = 0u; c < quads; c++) {
    q[c] = scale * load_qkv(first + i * 3u * D, 4u * c);
    g[c] = load_dout(row, 4u * c);
    dq[c] = vec4f();
    weighted += dot(g[c], load_out(row, 4u * c));
  }
  delta[index] = weighted;
  let normalizer = lse[index];
  let last = select(L - 1u, i, CAUSAL);
  for (var j = 0u; j <= last; j += 4u) {
    let keys = vec4u(j) + FOUR;
    let k = first + D + 3u * D * min(keys, vec4u(last));
    var s = vec4f();
    var dp = vec4f();
    for (var c = 0u; c < quads; c++) {
      s += q[c] * load_rows(k, 4u * c);
      dp += g[c] * load_rows(k + D, 4u * c);
    }
    let p = select(vec4f(), exp(s - normalizer), keys <= vec4u(last));
    let ds = scale * p * (dp - weighted);
    for (var c = 0u; c < quads; c++) {
      dq[c] += load_rows(k, 4u * c) * ds;
    }
  }
  for (var d = 0u; d < HEAD_SIZE; d++) {
    dqkv[first + i * 3u * D + d] = dq[d / 4u][d % 4u];
  }
}
