// Matrix product by quads: four invocations that a subgroup holds side by side share the 16 rows of A that they
// all need. Each reads four of them and hands them on by quadBroadcast, so that A is read once and not four
// times. A register tile of 16 × 4 elements an invocation; no workgroup memory and no barriers. Of a size that
// a GPU's registers hold.
// Formula and shapes: operands.wgsl. Put behind quads.wgsl.

const WIDTH: u32 = 8; // invocations of a workgroup side by side, 4 columns each; a multiple of 4
const HEIGHT: u32 = 8; // and below each other, 16 rows each

@compute @workgroup_size(WIDTH, HEIGHT)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let n = id.x * 4u;
  let m = id.y * 16u;
  let own = m + id.x % 4u * 4u;
  var c00 = mat4x4f();
  var c10 = mat4x4f();
  var c20 = mat4x4f();
  var c30 = mat4x4f();
  // Even those past N stay to the end: the others need what they read.
  let first = group.z * params.slice;
  for (var k = first; k < slice_end(first); k += 4u) {
    let rows = load_a(own, k);
    let b0 = load_b(k, n);
    let a0 = block_of_0(rows);
    c00 += b0 * a0;
    let a1 = block_of_1(rows);
    c10 += b0 * a1;
    let a2 = block_of_2(rows);
    c20 += b0 * a2;
    let a3 = block_of_3(rows);
    c30 += b0 * a3;
  }
  // A loop, so that the epilogue is compiled once and not for every block.
  var blocks = array(
    c00,
    c10,
    c20,
    c30,
  );
  for (var i = 0u; i < 4u; i++) {
    store(m + 4u * i, n, group.z, blocks[i]);
  }
}
