// Matrix product for GPUs: a workgroup reads 64 rows of A and 64 columns of B into its own memory, 16 of K at a
// time, and an invocation holds a register tile of 8 × 4 elements of out. Formula and shapes: operands.wgsl.
// On a software adapter the barriers cost more than the shared reads save.

const WIDTH: u32 = 16; // invocations of a workgroup side by side, 4 columns each
const HEIGHT: u32 = 8; // and below each other, 8 rows each
const SIDE: u32 = 64; // of out
const DEPTH: u32 = 16; // of K

// Vectors along a row of A, by k / 4 and then row; vectors along a row of B, by k and then column / 4.
var<workgroup> tile_a: array<vec4f, SIDE * DEPTH / 4u>;
var<workgroup> tile_b: array<vec4f, SIDE * DEPTH / 4u>;

// Half of the invocations read a 4 × 4 block of A each, the other half one of B. What lies past K is not used.
fn fill(lane: u32, m: u32, n: u32, k: u32) {
  if (lane < 64u) {
    let row = lane / 4u * 4u;
    let depth = lane % 4u;
    if (k + depth * 4u < params.K) {
      let block = load_a(m + row, k + depth * 4u);
      let at = depth * SIDE + row;
      tile_a[at] = block[0];
      tile_a[at + 1u] = block[1];
      tile_a[at + 2u] = block[2];
      tile_a[at + 3u] = block[3];
    }
  } else {
    let column = lane % 16u;
    let depth = lane / 16u % 4u * 4u;
    if (k + depth < params.K) {
      let block = load_b(k + depth, n + column * 4u);
      let at = depth * 16u + column;
      tile_b[at] = block[0];
      tile_b[at + 16u] = block[1];
      tile_b[at + 32u] = block[2];
      tile_b[at + 48u] = block[3];
    }
  }
}

fn rows_a(at: u32) -> mat4x4f {
  return mat4x4f(tile_a[at], tile_a[at + 1u], tile_a[at + 2u], tile_a[at + 3u]);
}

@compute @workgroup_size(WIDTH, HEIGHT)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let m = group.y * SIDE;
  let n = group.x * SIDE;
  var c0 = mat4x4f();
  var c1 = mat4x4f();
  let first = group.z * params.slice;
  let end = slice_end(first);
  for (var k = first; k < end; k += DEPTH) {
    fill(lane, m, n, k);
    workgroupBarrier();
    let depth = min(DEPTH, end - k) / 4u;
    for (var d = 0u; d < depth; d++) {
      let at = d * 64u + local.x;
      let b = mat4x4f(tile_b[at], tile_b[at + 16u], tile_b[at + 32u], tile_b[at + 48u]);
      c0 += b * rows_a(d * SIDE + local.y * 8u);
      c1 += b * rows_a(d * SIDE + local.y * 8u + 4u);
    }
    workgroupBarrier();
  }
  // A loop, so that the epilogue is compiled once and not for every block.
  var blocks = array(c0, c1);
  for (var i = 0u; i < 2u; i++) {
    store(m + local.y * 8u + 4u * i, n + local.x * 4u, group.z, blocks[i]);
  }
}
