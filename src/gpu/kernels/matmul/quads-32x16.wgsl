// Matrix product by quads, as quads-16x16.wgsl with twice the rows: four invocations that a subgroup holds side by
// side share the 32 rows of A that they all need, and each reads eight of them. A register tile of 32 × 16 elements
// an invocation: on a software adapter a fifth faster, for twice the compilation.
// Formula and shapes: operands.wgsl. Put behind quads.wgsl.

const WIDTH: u32 = 4; // invocations of a workgroup side by side, 16 columns each; a multiple of 4
const HEIGHT: u32 = 1; // and below each other, 32 rows each

@compute @workgroup_size(WIDTH, HEIGHT)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let n = id.x * 16u;
  let m = id.y * 32u;
  let own = m + id.x % 4u * 4u;
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c02 = mat4x4f();
  var c03 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  var c12 = mat4x4f();
  var c13 = mat4x4f();
  var c20 = mat4x4f();
  var c21 = mat4x4f();
  var c22 = mat4x4f();
  var c23 = mat4x4f();
  var c30 = mat4x4f();
  var c31 = mat4x4f();
  var c32 = mat4x4f();
  var c33 = mat4x4f();
  var c40 = mat4x4f();
  var c41 = mat4x4f();
  var c42 = mat4x4f();
  var c43 = mat4x4f();
  var c50 = mat4x4f();
  var c51 = mat4x4f();
  var c52 = mat4x4f();
  var c53 = mat4x4f();
  var c60 = mat4x4f();
  var c61 = mat4x4f();
  var c62 = mat4x4f();
  var c63 = mat4x4f();
  var c70 = mat4x4f();
  var c71 = mat4x4f();
  var c72 = mat4x4f();
  var c73 = mat4x4f();
  // Even those past N stay to the end: the others need what they read.
  let first = group.z * params.slice;
  for (var k = first; k < slice_end(first); k += 4u) {
    let rows = load_a(own, k);
    let next_rows = load_a(own + 16u, k);
    let b0 = load_b(k, n);
    let b1 = load_b(k, n + 4u);
    let b2 = load_b(k, n + 8u);
    let b3 = load_b(k, n + 12u);
    let a0 = block_of_0(rows);
    c00 += b0 * a0;
    c01 += b1 * a0;
    c02 += b2 * a0;
    c03 += b3 * a0;
    let a1 = block_of_1(rows);
    c10 += b0 * a1;
    c11 += b1 * a1;
    c12 += b2 * a1;
    c13 += b3 * a1;
    let a2 = block_of_2(rows);
    c20 += b0 * a2;
    c21 += b1 * a2;
    c22 += b2 * a2;
    c23 += b3 * a2;
    let a3 = block_of_3(rows);
    c30 += b0 * a3;
    c31 += b1 * a3;
    c32 += b2 * a3;
    c33 += b3 * a3;
    let a4 = block_of_0(next_rows);
    c40 += b0 * a4;
    c41 += b1 * a4;
    c42 += b2 * a4;
    c43 += b3 * a4;
    let a5 = block_of_1(next_rows);
    c50 += b0 * a5;
    c51 += b1 * a5;
    c52 += b2 * a5;
    c53 += b3 * a5;
    let a6 = block_of_2(next_rows);
    c60 += b0 * a6;
    c61 += b1 * a6;
    c62 += b2 * a6;
    c63 += b3 * a6;
    let a7 = block_of_3(next_rows);
    c70 += b0 * a7;
    c71 += b1 * a7;
    c72 += b2 * a7;
    c73 += b3 * a7;
  }
  // A loop, so that the epilogue is compiled once and not for every block.
  var blocks = array(
    c00, c01, c02, c03,
    c10, c11, c12, c13,
    c20, c21, c22, c23,
    c30, c31, c32, c33,
    c40, c41, c42, c43,
    c50, c51, c52, c53,
    c60, c61, c62, c63,
    c70, c71, c72, c73,
  );
  for (var i = 0u; i < 32u; i++) {
    store(m + i / 4u * 4u, n + i % 4u * 4u, group.z, blocks[i]);
  }
}
