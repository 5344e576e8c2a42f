// Cross-entropy of given texts on one minibatch, for supervised learning, and its gradient:
//   loss = -mean over valid tokens of logp[t];  d loss / d logp[t] = -1 / n
// Shapes: logp, dlogp [R, T] (minibatch); lengths [B] (whole batch); rows [R]: the text of each row.
// Beyond the length dlogp is 0. Writes row `stats_row` of stats [S, 10], the order being PPO_STATS in
// ppo-loss.ts: tokens (column 4) and the loss (column 9), 0 elsewhere. One workgroup for all.

struct Params {
  R: u32,
  T: u32,
  stats_row: u32,
}

override WORKGROUP: u32 = 64;
override STATS: u32 = 10;

@group(0) @binding(0) var<storage, read> logp: array<f32>;
@group(0) @binding(1) var<storage, read> lengths: array<u32>;
@group(0) @binding(2) var<storage, read> rows: array<u32>;
@group(0) @binding(3) var<storage, read_write> dlogp: array<f32>;
@group(0) @binding(4) var<storage, read_write> stats: array<f32>;
@group(0) @binding(5) var<uniform> params: Params;

alias Summed = vec2f;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let size = params.R * params.T;
  var sums = vec2f(0.0);
  for (var i = lane; i < size; i += WORKGROUP) {
    if (i % params.T < lengths[rows[i / params.T]]) {
      sums += vec2f(-logp[i], 1.0);
    }
  }
  let totals = workgroup_sum(lane, sums);
  let n = max(totals.y, 1.0);
  for (var i = lane; i < size; i += WORKGROUP) {
    dlogp[i] = select(0.0, -1.0 / n, i % params.T < lengths[rows[i / params.T]]);
  }
  let base = params.stats_row * STATS;
  for (var column = lane; column < STATS; column += WORKGROUP) {
    stats[base + column] = 0.0;
  }
  workgroupBarrier();
  if (lane == 0u) {
    stats[base + 4u] = totals.y;
    stats[base + 9u] = totals.x / n;
  }
}
