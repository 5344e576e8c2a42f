// Multi-head attention, causal or not, (Vaswani et al. 2017) with the online softmax of FlashAttention
// (Dao et al. 2022), so that no [L, L] scores are stored:
//   out_i = sum_{j <= i} exp(s_ij - lse_i) v_j,  s_ij = q_i · k_j / sqrt(E),  lse_i = log sum_j exp(s_ij)
// Shapes: qkv [B, L, 3D], the heads of q, then of k, then of v; of the last N positions i out [B, N, D] and
// lse [B, H, N], which is kept for the backward pass; D = H E. One invocation a (b, h) and one i or two, without
// barriers. Without CAUSAL j <= i falls away. Put behind a head-….wgsl and place.wgsl.

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
@group(0) @binding(2) var<storage, read_write> lse: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

fn vector(source: u32, at: u32) -> vec4f {
  return vec4f(qkv[at], qkv[at + 1u], qkv[at + 2u], qkv[at + 3u]);
}

// What a query has seen, with top as the largest score: sum of exp(s - top) v, and in `scores` top and the sum of
// exp(s - top).
fn attend(q: ptr<function, Head>, sum: ptr<function, Head>, scores: ptr<function, vec2f>,
          k: Row, v: Row, is_masked: bool) {
  let s = select(inner(q, k), LOWEST, is_masked);
  let top = max((*scores).x, s);
  let decay = exp((*scores).x - top);
  let weight = exp(s - top);
  *scores = vec2f(top, (*scores).y * decay + weight);
  add(sum, decay, weight, v);
}

fn finish(sum: ptr<function, Head>, scores: vec2f, at: Place, i: u32) {
  lse[statistics_at(at, i)] = scores.x + log(scores.y);
  let first = output_at(at, i);
  for (var d = 0u; d < HEAD_SIZE; d++) {
    out[first + d] = element(sum, d) / scores.y;
  }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = place(id, groups, first_query(), params.N);
  if (!at.is_there) {
    return;
  }
  let D = params.H * HEAD_SIZE;
  let scale = inverseSqrt(f32(HEAD_SIZE));

  var q: Head;
  set_head(&q, scale, row(0u, packed_at(at, at.first, params.L)));
  var sum: Head;
  var scores = vec2f(LOWEST, 0.0);
  var second_q: Head;
  var second_sum: Head;
  var second_scores = scores;
  if (PAIRED) {
    set_head(&second_q, scale, row(0u, packed_at(at, at.second, params.L)));
  }
  let last = select(params.L - 1u, at.second, CAUSAL);
  for (var j = 0u; j <= last; j++) {
    let key = packed_at(at, j, params.L) + D;
    let k = row(0u, key);
    let v = row(0u, key + D);
    attend(&q, &sum, &scores, k, v, CAUSAL && j > at.first);
    if (PAIRED) {
      attend(&second_q, &second_sum, &second_scores, k, v, false);
    }
  }
  finish(&sum, scores, at, at.first);
  if (PAIRED) {
    finish(&second_sum, second_scores, at, at.second);
  }
}
