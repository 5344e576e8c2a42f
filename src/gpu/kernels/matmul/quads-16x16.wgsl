// Matrix product by quads: four invocations that a subgroup holds side by side share the 16 rows of A that they
// all need. Each reads four of them and hands them on by quadBroadcast, so that A is read once and not four
// times. A register tile of 16 × 16 elements an invocation; no workgroup memory and no barriers. For a software
// adapter, whose subgroups are the four lanes of a SIMD register.
// Formula and shapes: operands.wgsl. Put behind quads.wgsl.

const WIDTH: u32 = 4; // invocations of a workgroup side by side, 16 columns each; a multiple of 4
const HEIGHT: u32 = 1; // and below each other, 16 rows each

@compute @workgroup_size(WIDTH, HEIGHT)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let n = id.x * 16u;
  let m = id.y * 16u;
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
  // Even those past N stay to the end: the others need what they read.
  let first = group.z * params.slice;
  for (var k = first; k < slice_end(first); k += 4u) {
    let rows = load_a(own, k);
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
  }
  // A loop, so that the epilogue is compiled once and not for every block.
  var blocks = array(
    c00, c01, c02, c03,
    c10, c11, c12, c13,
    c20, c21, c22, c23,
    c30, c31, c32, c33,
  );
  for (var i = 0u; i < 16u; i++) {
    store(m + i / 4u * 4u, n + i % 4u * 4u, group.z, blocks[i]);
  }
}
