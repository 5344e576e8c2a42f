// Matrix product, a register tile of 4 × 4 elements of out an invocation, read straight from storage: no
// workgroup memory and no barriers. The most invocations of all.
// Formula and shapes: operands.wgsl.

const WIDTH: u32 = 8; // invocations of a workgroup side by side, 4 columns each
const HEIGHT: u32 = 8; // and below each other, 4 rows each

@compute @workgroup_size(WIDTH, HEIGHT)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x * 4u;
  let m = id.y * 4u;
  if (n >= params.N || m >= params.M) {
    return;
  }
  var c00 = mat4x4f();
  let first = id.z * params.slice;
  for (var k = first; k < slice_end(first); k += 4u) {
    let b0 = load_b(k, n);
    let a0 = load_a(m, k);
    c00 += b0 * a0;
  }
  store(m, n, id.z, c00);
}
