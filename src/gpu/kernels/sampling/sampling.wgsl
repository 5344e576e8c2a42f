// Draws response token t of every sequence from its logits, by the Gumbel-max trick:
//   token = argmax_v logits[v] / temperature - log(E_v), E_v ~ Exp(1)
// where a greedy draw leaves out both the temperature and the noise.
// Shapes: logits [B, V]; query [B, Q]; tokens [B, T], of which columns < t are read and column t is
// written; next, lengths [B]. One workgroup a sequence. Prepared from `threefry + sampling`.
//
// E_v belongs to (seed, stream, b, t, v), so a draw does not depend on the device's scheduling.
// A sequence that has ended repeats the end-of-text token; lengths counts the tokens up to and with the
// first one. The end-of-text token is banned while t < min_response, and so is each token that would
// repeat an n-gram of query + response (ngram = 0: none): a banned logit is a large finite number.
//
// top_k > 0 and top_p < 1 leave a token out where top_k tokens are more likely than it, or more likely ones
// have top_p of the probability at this temperature (of the whole vocabulary, whatever top_k leaves): tokens
// of one logit stay or go together. Without a sort: if the winner of the draw is to be left out, so is all
// that is not more likely than it, and the same noise draws again among the rest.

struct Params {
  V: u32,
  Q: u32,
  T: u32,
  t: u32,
  seed: u32,
  stream: u32,
  temperature: f32,
  greedy: u32,
  top_k: u32,
  top_p: f32,
  eos: u32,
  min_response: u32,
  ngram: u32,
}

override WORKGROUP: u32 = 64;
const BANNED: f32 = -1e5;
const LOWEST: f32 = -3.4e38;
const POSITIONS_A_WORD: u32 = 32;
const WORDS: u32 = 32; // so Q + T <= 1024, the positions that GPT-2 has

@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> query: array<u32>;
@group(0) @binding(2) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(3) var<storage, read_write> next: array<i32>;
@group(0) @binding(4) var<storage, read_write> lengths: array<u32>;
@group(0) @binding(5) var<uniform> params: Params;

var<workgroup> ended: u32;
// Bit i: the ngram - 1 tokens from position i on are also the last ones.
var<workgroup> repeats: array<atomic<u32>, WORDS>;
var<workgroup> scores: array<f32, WORKGROUP>;
var<workgroup> candidates: array<u32, WORKGROUP>;
var<workgroup> counts: array<u32, WORKGROUP>;

// Token at a position of query + response.
fn context(b: u32, position: u32) -> u32 {
  if (position < params.Q) {
    return query[b * params.Q + position];
  }
  return tokens[b * params.T + position - params.Q];
}

// Whether the n-gram that starts at `position` would be repeated by its own last token.
fn starts_repeat(b: u32, position: u32) -> bool {
  let tail = params.Q + params.t + 1u - params.ngram;
  for (var i = 0u; i + 1u < params.ngram; i++) {
    if (context(b, position + i) != context(b, tail + i)) {
      return false;
    }
  }
  return true;
}

fn is_banned(b: u32, v: u32, words: u32) -> bool {
  if (v == params.eos && params.t < params.min_response) {
    return true;
  }
  for (var word = 0u; word < words; word++) {
    for (var bits = atomicLoad(&repeats[word]); bits != 0u; bits &= bits - 1u) {
      let start = word * POSITIONS_A_WORD + firstTrailingBit(bits);
      if (context(b, start + params.ngram - 1u) == v) {
        return true;
      }
    }
  }
  return false;
}

// -log(E) for E = -log(1 - x). The draws that win have a small x, where f32 has the finest steps and
// the series of log(1 - x) does not cancel.
fn gumbel(bits: u32) -> f32 {
  let x = min((f32(bits) + 0.5) * 0x1p-32, 0x0.ffffffp0);
  let series = x * (1.0 + x * (0.5 + x * (1.0 / 3.0 + x * 0.25)));
  return -log(select(-log(1.0 - x), series, x < 0.03125));
}

// The best of `scores` and its candidate in element 0, the lower candidate of equal ones.
fn reduce_best(lane: u32) {
  workgroupBarrier();
  for (var half = WORKGROUP / 2u; half > 0u; half = half / 2u) {
    if (lane < half) {
      let other = scores[lane + half];
      let own = scores[lane];
      let lower = candidates[lane + half] < candidates[lane];
      if (other > own || (other == own && lower)) {
        scores[lane] = other;
        candidates[lane] = candidates[lane + half];
      }
    }
    workgroupBarrier();
  }
}

// The sums of `scores` and `counts` in element 0.
fn reduce_sums(lane: u32) {
  workgroupBarrier();
  for (var half = WORKGROUP / 2u; half > 0u; half = half / 2u) {
    if (lane < half) {
      scores[lane] += scores[lane + half];
      counts[lane] += counts[lane + half];
    }
    workgroupBarrier();
  }
}

// The token that wins the draw among those of a logit above `floor`.
fn draw(b: u32, lane: u32, words: u32, is_greedy: bool, floor: f32) -> u32 {
  let V = params.V;
  let temperature = select(params.temperature, 1.0, is_greedy);
  var score = LOWEST;
  var candidate = min(lane, V - 1u);
  for (var v = lane; v < V; v += WORKGROUP) {
    let logit = logits[b * V + v];
    if (logit <= floor) {
      continue;
    }
    var noise = 0.0;
    if (!is_greedy) {
      let counter = vec2u(b * params.T + params.t, v);
      noise = gumbel(threefry2x32(vec2u(params.seed, params.stream), counter).x);
    }
    var contender = logit / temperature + noise;
    // Few tokens ever lead, and only of those need be known whether they are banned.
    if (contender > score && is_banned(b, v, words)) {
      contender = BANNED / temperature + noise;
    }
    if (contender > score) {
      score = contender;
      candidate = v;
    }
  }
  scores[lane] = score;
  candidates[lane] = candidate;
  reduce_best(lane);
  return workgroupUniformLoad(&candidates[0]);
}

struct Above {
  count: u32,
  mass: f32,
}

// How many tokens have a logit above `floor`, and Σ exp((logit - peak) / temperature) over them.
fn above(b: u32, lane: u32, words: u32, peak: f32, floor: f32) -> Above {
  let V = params.V;
  var sums = Above(0u, 0.0);
  for (var v = lane; v < V; v += WORKGROUP) {
    let logit = logits[b * V + v];
    if (logit > floor && !is_banned(b, v, words)) {
      sums.count += 1u;
      sums.mass += exp((logit - peak) / params.temperature);
    }
  }
  scores[lane] = sums.mass;
  counts[lane] = sums.count;
  reduce_sums(lane);
  let count = workgroupUniformLoad(&counts[0]);
  return Above(count, workgroupUniformLoad(&scores[0]));
}

// The token that wins the draw among those that top_k and top_p leave.
fn draw_from_top(b: u32, lane: u32, words: u32) -> u32 {
  let row = b * params.V;
  let peak = logits[row + draw(b, lane, words, true, LOWEST)];
  let most = params.top_p * above(b, lane, words, peak, LOWEST).mass;
  var floor = LOWEST;
  loop {
    let winner = draw(b, lane, words, false, floor);
    let better = above(b, lane, words, peak, logits[row + winner]);
    let is_beyond_k = params.top_k > 0u && better.count >= params.top_k;
    let is_beyond_p = params.top_p < 1.0 && better.mass >= most;
    if (better.count == 0u || !(is_beyond_k || is_beyond_p)) {
      return winner;
    }
    floor = logits[row + winner];
  }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let b = group.x;
  let T = params.T;
  let t = params.t;
  let words = select((params.Q + t + POSITIONS_A_WORD - 1u) / POSITIONS_A_WORD, 0u, params.ngram == 0u);
  if (params.ngram > 0u) {
    for (var start = lane; start + params.ngram <= params.Q + t; start += WORKGROUP) {
      if (starts_repeat(b, start)) {
        atomicOr(&repeats[start / POSITIONS_A_WORD], 1u << (start % POSITIONS_A_WORD));
      }
    }
  }
  if (lane == 0u) {
    ended = u32(t > 0u && tokens[b * T + max(t, 1u) - 1u] == params.eos);
  }
  if (workgroupUniformLoad(&ended) == 1u) {
    if (lane == 0u) {
      tokens[b * T + t] = params.eos;
      next[b] = i32(params.eos);
    }
    return;
  }

  var token: u32;
  if (params.greedy == 0u && (params.top_k > 0u || params.top_p < 1.0)) {
    token = draw_from_top(b, lane, words);
  } else {
    token = draw(b, lane, words, params.greedy == 1u, LOWEST);
  }
  if (lane == 0u) {
    tokens[b * T + t] = token;
    next[b] = i32(token);
    lengths[b] = t + 1u;
  }
}
