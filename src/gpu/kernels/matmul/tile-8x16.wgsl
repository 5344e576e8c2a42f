// Matrix product, a register tile of 8 × 16 elements of out an invocation, read straight from storage: no
// workgroup memory and no barriers. Few reads for much arithmetic: for a software adapter.
// Formula and shapes: operands.wgsl.

const WIDTH: u32 = 4; // invocations of a workgroup side by side, 16 columns each
const HEIGHT: u32 = 2; // and below each other, 8 rows each

@compute @workgroup_size(WIDTH, HEIGHT)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x * 16u;
  let m = id.y * 8u;
  if (n >= params.N || m >= params.M) {
    return;
  }
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c02 = mat4x4f();
  var c03 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  var c12 = mat4x4f();
  var c13 = mat4x4f();
  let first = id.z * params.slice;
  for (var k = first; k < slice_end(first); k += 4u) {
    let b0 = load_b(k, n);
    let b1 = load_b(k, n + 4u);
    let b2 = load_b(k, n + 8u);
    let b3 = load_b(k, n + 12u);
    let a0 = load_a(m, k);
    c00 += b0 * a0;
    c01 += b1 * a0;
    c02 += b2 * a0;
    c03 += b3 * a0;
    let a1 = load_a(m + 4u, k);
    c10 += b0 * a1;
    c11 += b1 * a1;
    c12 += b2 * a1;
    c13 += b3 * a1;
  }
  // A loop, so that the epilogue is compiled once and not for every block.
  var blocks = array(c00, c01, c02, c03, c10, c11, c12, c13);
  for (var i = 0u; i < 8u; i++) {
    store(m + i / 4u * 4u, n + i % 4u * 4u, id.z, blocks[i]);
  }
}
