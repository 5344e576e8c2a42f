// The clipped value loss of PPO (as in OpenAI's baselines) on one minibatch, and its gradient,
// with V the values and G the returns:
//   held = clamp(V, Vold - range, Vold + range)
//   loss = coef / 2 mean(max((V - G)^2, (held - G)^2))
//   d loss / d V = coef (V - G) / n where the first term is the larger (inside the range both are one), else 0
// The mean is over the n valid tokens of the minibatch.
// Shapes: values, dvalues [R, T] (minibatch); old_values, returns [B, T], lengths [B] (whole batch);
// rows [R]: the episode of each minibatch row. Beyond the length dvalues is 0. One workgroup for all.
// Writes row `stats_row` of stats [S, 6]; the order is VALUE_STATS in value-head.ts.

struct Params {
  R: u32,
  T: u32,
  stats_row: u32,
  clip_range: f32,
  coef: f32,
}

override WORKGROUP: u32 = 64;
override STATS: u32 = 6;

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read> old_values: array<f32>;
@group(0) @binding(2) var<storage, read> returns: array<f32>;
@group(0) @binding(3) var<storage, read> lengths: array<u32>;
@group(0) @binding(4) var<storage, read> rows: array<u32>;
@group(0) @binding(5) var<storage, read_write> dvalues: array<f32>;
@group(0) @binding(6) var<storage, read_write> stats: array<f32>;
@group(0) @binding(7) var<uniform> params: Params;

alias Summed = vec4f;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let T = params.T;
  let size = params.R * T;
  // tokens, return, value, error
  var first = vec4f(0.0);
  for (var i = lane; i < size; i += WORKGROUP) {
    let episode = rows[i / T];
    let t = i % T;
    if (t < lengths[episode]) {
      let target_value = returns[episode * T + t];
      first += vec4f(1.0, target_value, values[i], target_value - values[i]);
    }
  }
  let totals = workgroup_sum(lane, first);
  let n = max(totals.x, 1.0);
  let mean = totals / n;

  // loss, tokens where the clip holds, centred squares of return and error
  var second = vec4f(0.0);
  for (var i = lane; i < size; i += WORKGROUP) {
    let episode = rows[i / T];
    let t = i % T;
    if (t >= lengths[episode]) {
      dvalues[i] = 0.0;
      continue;
    }
    let target_value = returns[episode * T + t];
    let old = old_values[episode * T + t];
    let value = values[i];
    let held_value = clamp(value, old - params.clip_range, old + params.clip_range);
    let free = (value - target_value) * (value - target_value);
    let held = (held_value - target_value) * (held_value - target_value);
    let is_held = held > free;
    dvalues[i] = select(params.coef * (value - target_value) / n, 0.0, is_held);
    let centred = vec2f(target_value - mean.y, target_value - value - mean.w);
    second += vec4f(max(free, held), select(0.0, 1.0, is_held), centred * centred);
  }
  let means = workgroup_sum(lane, second) / n;
  if (lane == 0u) {
    // Returns that differ by less than f32's rounding have no variance to explain.
    let varies = means.z > 1e-10 * mean.y * mean.y;
    let explained = select(0.0, 1.0 - means.w / means.z, varies);
    let base = params.stats_row * STATS;
    stats[base] = 0.5 * params.coef * means.x;
    stats[base + 1u] = explained;
    stats[base + 2u] = mean.z;
    stats[base + 3u] = mean.y;
    stats[base + 4u] = means.w + mean.w * mean.w;
    stats[base + 5u] = means.y;
  }
}
