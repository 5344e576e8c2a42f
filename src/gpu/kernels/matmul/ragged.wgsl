// The matrix product for extents that are no multiples of 4: scalar reads, zeros past the edges, one 4 × 4 block
// of out an invocation.
//   out = op(A) · op(B), finished by the epilogue      op(X) = X or its transpose
// Shapes: op(A) [M, K], op(B) [K, N], out [M, N]. Prepared from `stored + lanes + epilogue + ragged`, with
// Lanes of one element. As in operands.wgsl, block[i] is row i of what the block stands for, so that C = A · B is
// c = b * a.

struct Params {
  M: u32,
  K: u32,
  N: u32,
  slice: u32, // K: it is not split here
  rows_b: u32, // that B is stored with
  has_bias: u32, // and has_beside: see epilogue.wgsl
  has_beside: u32,
}

override TRANSPOSE_A: bool = false; // A is stored [K, M]
override TRANSPOSE_B: bool = false; // B is stored [N, K]
override LACKS_ROWS: bool = false; // up to three of B's rows are not there: zeros stand for them
const WIDTH: u32 = 8; // invocations of a workgroup side by side
const HEIGHT: u32 = 8; // and below each other

// Binding 0 is B, which `weight` reads (stored.ts).
@group(0) @binding(1) var<storage, read> a: array<f32>;

fn element_a(m: u32, k: u32) -> f32 {
  if (m >= params.M || k >= params.K) {
    return 0.0;
  }
  return a[select(m * params.K + k, k * params.M + m, TRANSPOSE_A)];
}

fn element_b(k: u32, n: u32) -> f32 {
  if (k >= params.K || n >= params.N) {
    return 0.0;
  }
  if (LACKS_ROWS && select(k, n, TRANSPOSE_B) >= params.rows_b) {
    return 0.0;
  }
  return weight(select(k * params.N + n, n * params.K + k, TRANSPOSE_B));
}

fn row_a(m: u32, k: u32) -> vec4f {
  return vec4f(
      element_a(m, k), element_a(m, k + 1u), element_a(m, k + 2u), element_a(m, k + 3u));
}

fn row_b(k: u32, n: u32) -> vec4f {
  return vec4f(
      element_b(k, n), element_b(k, n + 1u), element_b(k, n + 2u), element_b(k, n + 3u));
}

@compute @workgroup_size(WIDTH, HEIGHT)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n0 = id.x * 4u;
  let m0 = id.y * 4u;
  var c = mat4x4f();
  for (var k = 0u; k < params.K; k += 4u) {
    let b4 = mat4x4f(row_b(k, n0), row_b(k + 1u, n0), row_b(k + 2u, n0), row_b(k + 3u, n0));
    let a4 = mat4x4f(row_a(m0, k), row_a(m0 + 1u, k), row_a(m0 + 2u, k), row_a(m0 + 3u, k));
    c += b4 * a4;
  }
  for (var m = m0; m < min(m0 + 4u, params.M); m++) {
    for (var n = n0; n < min(n0 + 4u, params.N); n++) {
      finish(m * params.N + n, bias_of(n), c[m - m0][n - n0]);
    }
  }
}
