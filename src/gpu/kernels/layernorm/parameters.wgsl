// Layer normalisation, gradients of gamma and beta, where they are trained:
//   dgamma[c] = sum_r dout[r, c] (x[r, c] - mean[r]) rstd[r],   dbeta[c] = sum_r dout[r, c]
// Shapes: dout, x [R, C]; mean, rstd [R]; dgamma, dbeta [C]. A workgroup owns 16 columns; its 4 lanes of a
// column take every 4th row and are then added in a fixed order, so that two runs are bit-equal.

struct Params {
  R: u32,
  C: u32,
}

const COLUMNS: u32 = 16;
const LANES: u32 = 4;

@group(0) @binding(0) var<storage, read> dout: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> mean: array<f32>;
@group(0) @binding(3) var<storage, read> rstd: array<f32>;
@group(0) @binding(4) var<storage, read_write> dgamma: array<f32>;
@group(0) @binding(5) var<storage, read_write> dbeta: array<f32>;
@group(0) @binding(6) var<uniform> params: Params;

var<workgroup> partial: array<array<vec2f, COLUMNS>, LANES>;

@compute @workgroup_size(COLUMNS, LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let c = group.x * COLUMNS + local.x;
  var sums = vec2f();
  if (c < params.C) {
    for (var r = local.y; r < params.R; r += LANES) {
      let g = dout[r * params.C + c];
      sums += g * vec2f((x[r * params.C + c] - mean[r]) * rstd[r], 1.0);
    }
  }
  partial[local.y][local.x] = sums;
  workgroupBarrier();
  if (local.y > 0u || c >= params.C) {
    return;
  }
  for (var lane = 1u; lane < LANES; lane++) {
    sums += partial[lane][local.x];
  }
  dgamma[c] = sums.x;
  dbeta[c] = sums.y;
}
