// The terms of the loss that hold the policy near the reference and keep it curious, on one minibatch:
//   kl loss = kl_loss_coef mean over episodes of sum over t of max(0, kl[t] - threshold)
//   entropy loss = -entropy_coef mean over valid tokens of entropy[t]
// kl is the full-vocabulary KL(new || reference) of each token. Their gradients are
//   d/d kl = kl_loss_coef [kl > threshold] / R,   d/d entropy = -entropy_coef / n
// Shapes: entropy, kl, dentropy, dkl [R, T] (minibatch); lengths [B]; rows [R]: the episode of each row.
// Beyond the length both gradients are 0. One workgroup for all.
// Writes columns 5 to 8 of row `stats_row` of stats [S, 10]; the order is PPO_STATS in ppo-loss.ts.

struct Params {
  R: u32,
  T: u32,
  stats_row: u32,
  kl_loss_coef: f32,
  kl_loss_threshold: f32,
  entropy_coef: f32,
}

override WORKGROUP: u32 = 64;
override STATS: u32 = 10;

@group(0) @binding(0) var<storage, read> entropy: array<f32>;
@group(0) @binding(1) var<storage, read> kl: array<f32>;
@group(0) @binding(2) var<storage, read> lengths: array<u32>;
@group(0) @binding(3) var<storage, read> rows: array<u32>;
@group(0) @binding(4) var<storage, read_write> dentropy: array<f32>;
@group(0) @binding(5) var<storage, read_write> dkl: array<f32>;
@group(0) @binding(6) var<storage, read_write> stats: array<f32>;
@group(0) @binding(7) var<uniform> params: Params;

alias Summed = vec4f;

fn is_valid(index: u32) -> bool {
  return index % params.T < lengths[rows[index / params.T]];
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let size = params.R * params.T;
  // hinge, entropy, kl, tokens
  var sums = vec4f(0.0);
  for (var i = lane; i < size; i += WORKGROUP) {
    if (is_valid(i)) {
      sums += vec4f(max(0.0, kl[i] - params.kl_loss_threshold), entropy[i], kl[i], 1.0);
    }
  }
  let totals = workgroup_sum(lane, sums);
  let n = max(totals.w, 1.0);
  let R = f32(params.R);
  for (var i = lane; i < size; i += WORKGROUP) {
    let valid = is_valid(i);
    dentropy[i] = select(0.0, -params.entropy_coef / n, valid);
    dkl[i] = select(0.0, params.kl_loss_coef / R, valid && kl[i] > params.kl_loss_threshold);
  }
  if (lane == 0u) {
    let base = params.stats_row * STATS;
    stats[base + 5u] = params.kl_loss_coef * totals.x / R;
    stats[base + 6u] = -params.entropy_coef * totals.y / n;
    stats[base + 7u] = totals.y / n;
    stats[base + 8u] = totals.z / n;
  }
}
