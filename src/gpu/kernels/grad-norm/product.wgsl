// First stage of the global gradient norm for a gradient that is a product and never lies in memory:
//   partials[first + s] = sum of (doutᵀ · x)[i, j]^2 over the tile s of 32 rows and 8 Lanes
// Shapes: dout [R, rows]; x [R, columns]; partials [P]. One workgroup a tile, of 64 parts of 4 rows and one
// Lanes; no atomics, so that two runs on one device add in the same order.

struct Params {
  R: u32,
  rows: u32,
  columns: u32, // in Lanes
  first: u32,
}

override WORKGROUP: u32 = 64; // or less, a power of two: then an invocation has several parts
const PARTS: u32 = 64;

@group(0) @binding(0) var<storage, read> dout: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<Lanes>;
@group(0) @binding(2) var<storage, read_write> partials: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

alias Summed = f32;

fn squares_of(row: u32, gradient: Lanes) -> f32 {
  return select(0.0, inner(gradient, gradient), row < params.rows);
}

fn squares_at(row: u32, column: u32) -> f32 {
  let gradient = product(row, min(column, params.columns - 1u));
  let squares = squares_of(row, gradient[0]) + squares_of(row + 1u, gradient[1])
      + squares_of(row + 2u, gradient[2]) + squares_of(row + 3u, gradient[3]);
  return select(0.0, squares, column < params.columns);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  var squares = 0.0;
  for (var part = lane; part < PARTS; part += WORKGROUP) {
    squares += squares_at(32u * group.y + part / 8u * 4u, 8u * group.x + part % 8u);
  }
  let total = workgroup_sum(lane, squares);
  if (lane == 0u) {
    partials[params.first + group.y * groups.x + group.x] = total;
  }
}
