// Sum over rows, the gradient of a bias: out[n] (+)= sum_m x[m, n].
// Shapes: x [M, N]; out [N]. A workgroup owns 16 columns; its 4 lanes of a column take every 4th row
// and are then added in a fixed order, so that two runs are bit-equal.

struct Params {
  M: u32,
  N: u32,
  accumulate: u32,
}

const COLUMNS: u32 = 16;
const LANES: u32 = 4;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

var<workgroup> partial: array<array<f32, COLUMNS>, LANES>;

@compute @workgroup_size(COLUMNS, LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let n = group.x * COLUMNS + local.x;
  var sum = 0.0;
  if (n < params.N) {
    for (var m = local.y; m < params.M; m += LANES) {
      sum += x[m * params.N + n];
    }
  }
  partial[local.y][local.x] = sum;
  workgroupBarrier();
  if (local.y > 0u || n >= params.N) {
    return;
  }
  for (var lane = 1u; lane < LANES; lane++) {
    sum += partial[lane][local.x];
  }
  if (params.accumulate == 1u) {
    sum += out[n];
  }
  out[n] = sum;
}
