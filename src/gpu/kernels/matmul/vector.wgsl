// Matrix product with an epilogue:
//   out = op(A) · op(B) (+ bias) (+ residual) (+ out)      op(X) = X or its transpose
// Shapes: op(A) [M, K], op(B) [K, N], bias [N], residual, out [M, N]; N is a multiple of 4, and so is
// every extent that lies along a stored row of A or B. M may be anything.
// An invocation holds 8 × 16 elements of out as eight 4 × 4 blocks and reads A and B straight from
// storage: no workgroup memory and no barriers, which cost more than they save on a software adapter.
//
// WGSL's matrices are columns, ours are rows, so a block holds the transpose of what it stands for:
// block[i] is row i. Then C = A · B becomes c = b * a.

struct Params {
  M: u32,
  K: u32,
  N: u32,
  has_bias: u32,
  has_residual: u32,
  accumulate: u32,
}

override TRANSPOSE_A: bool = false; // A is stored [K, M]
override TRANSPOSE_B: bool = false; // B is stored [N, K]
const WIDTH: u32 = 4; // invocations of a workgroup side by side, 16 columns each
const HEIGHT: u32 = 8; // and below each other, 8 rows each

// Binding 0 is B, which `weight` reads (stored.ts).
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> bias: array<vec4f>;
@group(0) @binding(3) var<storage, read> residual: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> out: array<vec4f>;
@group(0) @binding(5) var<uniform> params: Params;

// Rows m … m + 3 and columns k … k + 3 of op(A). Rows past the end repeat the last: they are not stored.
fn load_a(m: u32, k: u32) -> mat4x4f {
  if (TRANSPOSE_A) {
    let stride = params.M / 4u;
    let at = k * stride + min(m / 4u, stride - 1u);
    return transpose(mat4x4f(a[at], a[at + stride], a[at + 2u * stride], a[at + 3u * stride]));
  }
  let stride = params.K / 4u;
  let column = k / 4u;
  let last = params.M - 1u;
  return mat4x4f(
    a[min(m, last) * stride + column],
    a[min(m + 1u, last) * stride + column],
    a[min(m + 2u, last) * stride + column],
    a[min(m + 3u, last) * stride + column],
  );
}

fn load_rows(at: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
      weight(at), weight(at + stride), weight(at + 2u * stride), weight(at + 3u * stride));
}

// Rows k … k + 3 and columns n … n + 3 of op(B). Columns past the end repeat the last block.
fn load_b(k: u32, n: u32) -> mat4x4f {
  let column = min(n, params.N - 4u);
  if (TRANSPOSE_B) {
    let stride = params.K / 4u;
    let at = column * stride + k / 4u;
    return transpose(load_rows(at, stride));
  }
  let stride = params.N / 4u;
  let at = k * stride + column / 4u;
  return load_rows(at, stride);
}

fn store(m: u32, n: u32, block: mat4x4f) {
  if (n >= params.N) {
    return;
  }
  let rows = min(4u, params.M - min(m, params.M));
  var values = block;
  for (var i = 0u; i < rows; i++) {
    let at = ((m + i) * params.N + n) / 4u;
    var value = values[i];
    if (params.has_bias == 1u) {
      value += bias[n / 4u];
    }
    if (params.has_residual == 1u) {
      value += residual[at];
    }
    if (params.accumulate == 1u) {
      value += out[at];
    }
    out[at] = value;
  }
}

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
  for (var k = 0u; k < params.K; k += 4u) {
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
  store(m, n, c00);
  store(m, n + 4u, c01);
  store(m, n + 8u, c02);
  store(m, n + 12u, c03);
  store(m + 4u, n, c10);
  store(m + 4u, n + 4u, c11);
  store(m + 4u, n + 8u, c12);
  store(m + 4u, n + 12u, c13);
}
