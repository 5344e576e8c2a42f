// Attention, causal or not, gradient of the queries (FlashAttention, Dao et al. 2022, appendix B):
//   dq_i = sum_{j <= i} p_ij (dout_i · v_j - delta_i) k_j / sqrt(E)
//   p_ij = exp(q_i · k_j / sqrt(E) - lse_i),  delta_i = dout_i · out_i
// Shapes: qkv [B, L, 3D]; of the last N positions out, dout [B, N, D] and lse [B, H, N]; of the first G positions
// dqkv [B, G, 3D], of which dq is written here, 0 where there is no query. delta [B, H, N] is written for the keys'
// gradient. One invocation a (b, h) and one i or two, without barriers. Without CAUSAL j <= i falls away.
// Put behind a head-….wgsl and place.wgsl.

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

// Reads a query, or where there is none the first, and its dout; returns its lse and delta, which it writes.
fn begin(q: ptr<function, Head>, g: ptr<function, Head>, at: Place, position: u32) -> vec2f {
  let i = max(position, first_query());
  set_head(q, inverseSqrt(f32(HEAD_SIZE)), row(QKV, packed_at(at, i, params.L)));
  let first = output_at(at, i);
  set_head(g, 1.0, row(DOUT, first));
  let weighted = inner(g, row(OUT, first));
  let statistics = statistics_at(at, i);
  if (position == i) {
    delta[statistics] = weighted;
  }
  return vec2f(lse[statistics], weighted);
}

// @param known lse and delta of the query
fn attend(q: ptr<function, Head>, g: ptr<function, Head>, dq: ptr<function, Head>, known: vec2f,
          k: Row, v: Row, is_masked: bool) {
  let p = exp(select(inner(q, k) - known.x, LOWEST, is_masked));
  add(dq, 1.0, inverseSqrt(f32(HEAD_SIZE)) * p * (inner(g, v) - known.y), k);
}

fn finish(dq: ptr<function, Head>, at: Place, i: u32) {
  if (i >= params.G) {
    return;
  }
  let first = packed_at(at, i, params.G);
  for (var d = 0u; d < HEAD_SIZE; d++) {
    dqkv[first + d] = element(dq, d);
  }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  // All positions: delta is needed of every query.
  let at = place(id, groups, 0u, params.L);
  if (!at.is_there) {
    return;
  }
  let D = params.H * HEAD_SIZE;
  var q: Head;
  var g: Head; // dout
  var dq: Head;
  let known = begin(&q, &g, at, at.first);
  var second_q: Head;
  var second_g: Head;
  var second_dq: Head;
  var second_known: vec2f;
  if (PAIRED) {
    second_known = begin(&second_q, &second_g, at, at.second);
  }
  let has_query = vec2<bool>(at.first >= first_query(), at.second >= first_query());
  let is_wanted = has_query.y && at.first < params.G;
  let end = select(0u, select(params.L, at.second + 1u, CAUSAL), is_wanted);
  for (var j = 0u; j < end; j++) {
    let key = packed_at(at, j, params.L) + D;
    let k = row(QKV, key);
    let v = row(QKV, key + D);
    attend(&q, &g, &dq, known, k, v, !has_query.x || (CAUSAL && j > at.first));
    if (PAIRED) {
      attend(&second_q, &second_g, &second_dq, second_known, k, v, false);
    }
  }
  finish(&dq, at, at.first);
  if (PAIRED) {
    finish(&second_dq, at, at.second);
  }
}
