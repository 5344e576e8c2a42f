// Whitening over the valid tokens of a batch:
//   out = (x - mean) / (std + 1e-8), plus the mean again where shift_mean = 0;
//   with root_deviation the divisor is sqrt(std) + 1e-8, as in ESPER's released code
// std is that of the n tokens themselves (divided by n, not n - 1).
// Shapes: x, out [B, T]; lengths [B]. One workgroup for all: B T is some thousands.
// Beyond lengths[b] the output is 0.

struct Params {
  B: u32,
  T: u32,
  shift_mean: u32,
  root_deviation: u32,
}

override WORKGROUP: u32 = 64;
const EPSILON: f32 = 1e-8;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> lengths: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

alias Summed = vec2f;

fn is_valid(index: u32) -> bool {
  return index % params.T < lengths[index / params.T];
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let size = params.B * params.T;
  var first = vec2f(0.0);
  for (var i = lane; i < size; i += WORKGROUP) {
    if (is_valid(i)) {
      first += vec2f(x[i], 1.0);
    }
  }
  let totals = workgroup_sum(lane, first);
  let n = max(totals.y, 1.0);
  let rough = totals.x / n;
  // The mean of what remains corrects the rounding of the first mean. Without it equal values would
  // keep a residue, which the division by a deviation of the same size would blow up to 1.
  var second = 0.0;
  for (var i = lane; i < size; i += WORKGROUP) {
    if (is_valid(i)) {
      second += x[i] - rough;
    }
  }
  let mean = rough + workgroup_sum(lane, vec2f(second, 0.0)).x / n;
  var third = 0.0;
  for (var i = lane; i < size; i += WORKGROUP) {
    if (is_valid(i)) {
      third += (x[i] - mean) * (x[i] - mean);
    }
  }
  let deviation = sqrt(workgroup_sum(lane, vec2f(third, 0.0)).x / n);
  let divisor = select(deviation, sqrt(deviation), params.root_deviation == 1u) + EPSILON;
  let shift = select(mean, 0.0, params.shift_mean == 1u);
  for (var i = lane; i < size; i += WORKGROUP) {
    let whitened = (x[i] - mean) / divisor + shift;
    out[i] = select(0.0, whitened, is_valid(i));
  }
}
