// Attention, causal or not, gradients of the keys and values (FlashAttention, Dao et al. 2022, appendix B):
//   dk_j = sum_{i >= j} p_ij (dout_i · v_j - delta_i) q_i / sqrt(E),  dv_j = sum_{i >= j} p_ij dout_i
//   p_ij = exp(q_i · k_j / sqrt(E) - lse_i)
// Shapes: qkv [B, L, 3D]; of the last N positions dout [B, N, D] and lse, delta [B, H, N], the latter from
// backward-query.wgsl; of the first G positions dqkv [B, G, 3D], of which dk and dv are written here. One invocation
// a (b, h) and one j or two, without barriers or atomics: each gradient has one writer, which adds in a fixed order.
// Without CAUSAL i >= j falls away. Put behind a head-….wgsl and place.wgsl.

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

fn begin(k: ptr<function, Head>, v: ptr<function, Head>, key: u32) {
  set_head(k, inverseSqrt(f32(HEAD_SIZE)), row(QKV, key));
  set_head(v, 1.0, row(QKV, key + params.H * HEAD_SIZE));
}

// @param known lse and delta of the query
fn attend(k: ptr<function, Head>, v: ptr<function, Head>, dk: ptr<function, Head>, dv: ptr<function, Head>,
          query: Row, gradient: Row, known: vec2f, is_masked: bool) {
  let p = exp(select(inner(k, query) - known.x, LOWEST, is_masked));
  let ds = inverseSqrt(f32(HEAD_SIZE)) * p * (inner(v, gradient) - known.y);
  add(dk, 1.0, ds, query);
  add(dv, 1.0, p, gradient);
}

fn finish(dk: ptr<function, Head>, dv: ptr<function, Head>, key: u32) {
  let value = key + params.H * HEAD_SIZE;
  for (var d = 0u; d < HEAD_SIZE; d++) {
    dqkv[key + d] = element(dk, d);
    dqkv[value + d] = element(dv, d);
  }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = place(id, groups, 0u, params.G);
  if (!at.is_there) {
    return;
  }
  let D = params.H * HEAD_SIZE;
  var k: Head;
  var v: Head;
  var dk: Head;
  var dv: Head;
  begin(&k, &v, packed_at(at, at.first, params.L) + D);
  var second_k: Head;
  var second_v: Head;
  var second_dk: Head;
  var second_dv: Head;
  if (PAIRED) {
    begin(&second_k, &second_v, packed_at(at, at.second, params.L) + D);
  }
  for (var i = select(first_query(), max(at.first, first_query()), CAUSAL); i < params.L; i++) {
    let query = row(QKV, packed_at(at, i, params.L));
    let gradient = row(DOUT, output_at(at, i));
    let statistics = statistics_at(at, i);
    let known = vec2f(lse[statistics], delta[statistics]);
    attend(&k, &v, &dk, &dv, query, gradient, known, false);
    if (PAIRED) {
      attend(&second_k, &second_v, &second_dk, &second_dv, query, gradient, known, CAUSAL && i < at.second);
    }
  }
  finish(&dk, &dv, packed_at(at, at.first, params.G) + D);
  if (PAIRED) {
    finish(&second_dk, &second_dv, packed_at(at, at.second, params.G) + D);
  }
}
