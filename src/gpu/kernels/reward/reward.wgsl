// ESPER's reward of each response token (arXiv 2205.12630), with m = lengths[b]:
//   r[t] = -kl_coef (logp[t] - ref_logp[t])
//        + [t = m-1] clip_weight gain (score - bias)
//        + fluency_weight (-0.1 max(0, -ref_logp[t] - 70/m) + 3/m)
//        + [t = m-1] repetition_weight (-0.025 (s1 + s2 + s3))
//   s3 = 4 (n - distinct triples), s2 = 2 (n - distinct pairs), s1 = max(n - distinct tokens - 1, 0),
//   which ESPER's released code has as a min
// over the n tokens of query and response, read in a circle. End-of-text tokens are no text: they are
// left out of n, in the query as in the response.
// Shapes: logp, ref_logp, tokens, rewards [B, T]; score, lengths [B]; query [B, Q];
// terms [B, 4] = sum of logp - ref_logp, CLIP term, sum of the fluency terms, repetition term.
// One workgroup an episode. Rewards at t >= m are 0.

struct Params {
  B: u32,
  T: u32,
  Q: u32,
  end_of_text: u32,
  kl_coef: f32,
  clip_weight: f32,
  gain: f32,
  bias: f32,
  fluency_weight: f32,
  repetition_weight: f32,
  released: u32,
}

override WORKGROUP: u32 = 64;
override TEXT: u32 = 64; // at least Q + T

@group(0) @binding(0) var<storage, read> logp: array<f32>;
@group(0) @binding(1) var<storage, read> ref_logp: array<f32>;
@group(0) @binding(2) var<storage, read> score: array<f32>;
@group(0) @binding(3) var<storage, read> tokens: array<u32>;
@group(0) @binding(4) var<storage, read> query: array<u32>;
@group(0) @binding(5) var<storage, read> lengths: array<u32>;
@group(0) @binding(6) var<storage, read_write> rewards: array<f32>;
@group(0) @binding(7) var<storage, read_write> terms: array<f32>;
@group(0) @binding(8) var<uniform> params: Params;

var<workgroup> text: array<u32, TEXT>;
var<workgroup> text_length: u32;
alias Summed = vec4f;

// Query and response without end-of-text tokens, packed into `text`.
fn gather_text(b: u32, m: u32) {
  var n = 0u;
  for (var i = 0u; i < params.Q + m; i++) {
    var token: u32;
    if (i < params.Q) {
      token = query[b * params.Q + i];
    } else {
      token = tokens[b * params.T + i - params.Q];
    }
    if (token != params.end_of_text) {
      text[n] = token;
      n++;
    }
  }
  text_length = n;
}

// Whether the token, pair and triple at i have stood at an earlier place: n minus the sum over i is
// the number of distinct ones.
fn repeats_at(i: u32, n: u32) -> vec3f {
  var seen = vec3<bool>(false);
  for (var j = 0u; j < i; j++) {
    let token = text[j] == text[i];
    let pair = token && text[(j + 1u) % n] == text[(i + 1u) % n];
    let triple = pair && text[(j + 2u) % n] == text[(i + 2u) % n];
    seen = seen | vec3<bool>(token, pair, triple);
  }
  return vec3f(seen);
}

fn fluency(index: u32, m: f32) -> f32 {
  return params.fluency_weight * (-0.1 * max(0.0, -ref_logp[index] - 70.0 / m) + 3.0 / m);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let b = group.x + group.y * groups.x;
  if (b >= params.B) {
    return;
  }
  let m = lengths[b];
  if (lane == 0u) {
    gather_text(b, m);
  }
  workgroupBarrier();

  // kl, fluency, repeated tokens, weighted repeats of pairs and triples
  var sums = vec4f(0.0);
  for (var t = lane; t < m; t += WORKGROUP) {
    let index = b * params.T + t;
    sums += vec4f(logp[index] - ref_logp[index], fluency(index, f32(m)), 0.0, 0.0);
  }
  for (var i = lane; i < text_length; i += WORKGROUP) {
    let repeats = repeats_at(i, text_length);
    sums += vec4f(0.0, 0.0, repeats.x, 2.0 * repeats.y + 4.0 * repeats.z);
  }
  let totals = workgroup_sum(lane, sums);
  // An episode without tokens has no last token to be rewarded.
  let has_text = select(0.0, 1.0, m > 0u);
  let clip = has_text * params.clip_weight * params.gain * (score[b] - params.bias);
  let s1 = select(max(totals.z - 1.0, 0.0), min(totals.z - 1.0, 0.0), params.released == 1u);
  let repetition = has_text * params.repetition_weight * -0.025 * (s1 + totals.w);
  for (var t = lane; t < params.T; t += WORKGROUP) {
    let index = b * params.T + t;
    var reward = 0.0;
    if (t < m) {
      reward = -params.kl_coef * (logp[index] - ref_logp[index]) + fluency(index, f32(m));
    }
    if (t + 1u == m) {
      reward += clip + repetition;
    }
    rewards[index] = reward;
  }
  if (lane == 0u) {
    terms[b * 4u] = totals.x;
    terms[b * 4u + 1u] = clip;
    terms[b * 4u + 2u] = totals.y;
    terms[b * 4u + 3u] = repetition;
  }
}
