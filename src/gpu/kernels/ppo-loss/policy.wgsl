// PPO's clipped surrogate (Schulman et al. 2017) on one minibatch, and its gradient:
//   x = new - old, ratio = exp(x), loss = coef mean(max(-A ratio, -A clamp(ratio, 1 - clip, 1 + clip)))
//   d loss / d new = -coef A ratio / n where the first term is the larger (inside the range both are one), else 0
// The mean is over the n valid tokens of the minibatch.
// Shapes: new_logp, dlogp [R, T] (minibatch); old_logp, advantage [B, T], lengths [B] (whole batch);
// rows [R]: the episode of each minibatch row. Beyond the length dlogp is 0. One workgroup for all.
// Writes columns 0 to 4 of row `stats_row` of stats [S, 10]; the order is PPO_STATS in ppo-loss.ts.

struct Params {
  R: u32,
  T: u32,
  stats_row: u32,
  clip_range: f32,
  coef: f32,
}

override WORKGROUP: u32 = 64;
override STATS: u32 = 10;
// Keeps exp finite, since WGSL may assume that there are no infinities: exp(80) is 5.5e34.
const LARGEST_LOG_RATIO: f32 = 80.0;

@group(0) @binding(0) var<storage, read> new_logp: array<f32>;
@group(0) @binding(1) var<storage, read> old_logp: array<f32>;
@group(0) @binding(2) var<storage, read> advantage: array<f32>;
@group(0) @binding(3) var<storage, read> lengths: array<u32>;
@group(0) @binding(4) var<storage, read> rows: array<u32>;
@group(0) @binding(5) var<storage, read_write> dlogp: array<f32>;
@group(0) @binding(6) var<storage, read_write> stats: array<f32>;
@group(0) @binding(7) var<uniform> params: Params;

alias Summed = vec4f;

// (ratio - 1) - x, an estimate of KL(old || new) that is never negative (Schulman 2020, "k3").
// Near 0 the difference would be lost in rounding, so the series of exp stands in.
fn excess(x: f32, ratio: f32) -> f32 {
  let series = 0.5 * x * x * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0)));
  return select(ratio - 1.0 - x, series, abs(x) < 0.1);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let T = params.T;
  var tokens = 0.0;
  for (var r = lane; r < params.R; r += WORKGROUP) {
    tokens += f32(lengths[rows[r]]);
  }
  let counted = workgroup_sum(lane, vec4f(tokens)).x;
  let n = max(counted, 1.0);

  // loss, KL estimate, tokens where the clip holds, ratio
  var sums = vec4f(0.0);
  for (var i = lane; i < params.R * T; i += WORKGROUP) {
    let episode = rows[i / T];
    let t = i % T;
    if (t >= lengths[episode]) {
      dlogp[i] = 0.0;
      continue;
    }
    let A = advantage[episode * T + t];
    let x = min(new_logp[i] - old_logp[episode * T + t], LARGEST_LOG_RATIO);
    let ratio = exp(x);
    let free = -A * ratio;
    let held = -A * clamp(ratio, 1.0 - params.clip_range, 1.0 + params.clip_range);
    let is_held = held > free;
    dlogp[i] = select(params.coef * free / n, 0.0, is_held);
    sums += vec4f(max(free, held), excess(x, ratio), select(0.0, 1.0, is_held), ratio);
  }
  let means = workgroup_sum(lane, sums) / n;
  if (lane == 0u) {
    let base = params.stats_row * STATS;
    stats[base] = params.coef * means.x;
    stats[base + 1u] = means.y;
    stats[base + 2u] = means.z;
    stats[base + 3u] = means.w;
    stats[base + 4u] = counted;
  }
}
