// Attention, causal or not, gradient of the queries (FlashAttention, Dao et al. 2022, appendix B):
//   dq_i = sum_{j <= i} p_ij (dout_i · v_j - delta_i) k_j / sqrt(E)
//   p_ij = exp(q_i · k_j / sqrt(E) - lse_i),  delta_i = dout_i · out_i
// Shapes: qkv, dqkv [B, L, 3D], of which dq is written here; out, dout [B, L, D]; lse [B, H, L];
// delta [B, H, L] is written for the keys' gradient. One invocation a (b, h) and one i or two, without barriers.
// Without CAUSAL j <= i falls away. Put behind a head-….wgsl and place.wgsl.

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

// Reads a query and its dout; returns its lse and delta, which it writes.
fn begin(q: ptr<function, Head>, g: ptr<function, Head>, at: Place, i: u32) -> vec2f {
  let D = params.H * HEAD_SIZE;
  let first = (at.b * params.L + i) * D + at.h * HEAD_SIZE;
  set_head(q, inverseSqrt(f32(HEAD_SIZE)), row(QKV, first + (at.b * params.L + i) * 2u * D));
  set_head(g, 1.0, row(DOUT, first));
  let weighted = inner(g, row(OUT, first));
  let statistics = (at.b * params.H + at.h) * params.L + i;
  delta[statistics] = weighted;
  return vec2f(lse[statistics], weighted);
}

// @param known lse and delta of the query
fn attend(q: ptr<function, Head>, g: ptr<function, Head>, dq: ptr<function, Head>, known: vec2f,
          k: Row, v: Row, is_masked: bool) {
  let p = exp(select(inner(q, k) - known.x, LOWEST, is_masked));
  add(dq, 1.0, inverseSqrt(f32(HEAD_SIZE)) * p * (inner(g, v) - known.y), k);
}

fn finish(dq: ptr<function, Head>, first: u32) {
  for (var d = 0u; d < HEAD_SIZE; d++) {
    dqkv[first + d] = element(dq, d);
  }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = place(id, groups);
  if (!at.is_there) {
    return;
  }
  let D = params.H * HEAD_SIZE;
  let origin = at.b * params.L * 3u * D + at.h * HEAD_SIZE; // q of position 0

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
  let last = select(params.L - 1u, at.second, CAUSAL);
  for (var j = 0u; j <= last; j++) {
    let k = row(QKV, origin + j * 3u * D + D);
    let v = row(QKV, origin + j * 3u * D + 2u * D);
    attend(&q, &g, &dq, known, k, v, CAUSAL && j > at.first);
    if (PAIRED) {
      attend(&second_q, &second_g, &second_dq, second_known, k, v, false);
    }
  }
  finish(&dq, origin + at.first * 3u * D);
  if (PAIRED) {
    finish(&second_dq, origin + at.second * 3u * D);
  }
}
