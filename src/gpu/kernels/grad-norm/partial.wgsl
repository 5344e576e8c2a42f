// First stage of the global gradient norm for a gradient that is a sum of R rows, of one row where it lies whole
// (gradient.ts): the sum of squares of each slice of it,
//   partials[first + s] = sum of (sum over r of gradient[r, i])^2 over i in slice s
// Shapes: gradient [R, n]; partials [P]. One workgroup a slice of WORKGROUP * PER_LANE elements; no
// atomics, so that two runs on one device add in the same order.

struct Params {
  n: u32,
  R: u32,
  slices: u32,
  first: u32,
}

override WORKGROUP: u32 = 64;
override PER_LANE: u32 = 128;

@group(0) @binding(0) var<storage, read> gradient: array<f32>;
@group(0) @binding(1) var<storage, read_write> partials: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

alias Summed = f32;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let slice = group.x + group.y * groups.x;
  if (slice >= params.slices) {
    return;
  }
  let start = slice * WORKGROUP * PER_LANE;
  let end = min(start + WORKGROUP * PER_LANE, params.n);
  var squares = 0.0;
  for (var i = start + lane; i < end; i += WORKGROUP) {
    var sum = 0.0;
    for (var r = 0u; r < params.R; r++) {
      sum += gradient[r * params.n + i];
    }
    squares += sum * sum;
  }
  let total = workgroup_sum(lane, squares);
  if (lane == 0u) {
    partials[params.first + slice] = total;
  }
}
