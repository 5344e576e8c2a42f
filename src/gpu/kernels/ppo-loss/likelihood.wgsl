// What a response's negative log-likelihood has over a threshold, on one minibatch (ESPER's entropy loss):
//   loss = coef mean over episodes of max(0, sum over t of -new[t] - threshold)
//   d loss / d new[t] = -coef / R where the sum is over the threshold; added to dlogp
// Shapes: new_logp, dlogp [R, T] (minibatch); lengths [B] (whole batch); rows [R]: the episode of each row.
// Runs after policy.wgsl. Writes column 9 of row `stats_row` of stats [S, 10]. One workgroup for all, one
// invocation a row.

struct Params {
  R: u32,
  T: u32,
  stats_row: u32,
  coef: f32,
  threshold: f32,
}

override WORKGROUP: u32 = 64;
override STATS: u32 = 10;

@group(0) @binding(0) var<storage, read> new_logp: array<f32>;
@group(0) @binding(1) var<storage, read> lengths: array<u32>;
@group(0) @binding(2) var<storage, read> rows: array<u32>;
@group(0) @binding(3) var<storage, read_write> dlogp: array<f32>;
@group(0) @binding(4) var<storage, read_write> stats: array<f32>;
@group(0) @binding(5) var<uniform> params: Params;

alias Summed = f32;

// The hinge of a response; adds its gradient.
fn hinge(r: u32) -> f32 {
  let m = lengths[rows[r]];
  let at = r * params.T;
  var over = -params.threshold;
  for (var t = 0u; t < m; t++) {
    over -= new_logp[at + t];
  }
  if (over <= 0.0) {
    return 0.0;
  }
  for (var t = 0u; t < m; t++) {
    dlogp[at + t] -= params.coef / f32(params.R);
  }
  return over;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var r = lane; r < params.R; r += WORKGROUP) {
    sum += hinge(r);
  }
  let total = workgroup_sum(lane, sum);
  if (lane == 0u) {
    stats[params.stats_row * STATS + 9u] = params.coef * total / f32(params.R);
  }
}
