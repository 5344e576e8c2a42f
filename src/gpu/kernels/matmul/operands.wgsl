// What the variants of the matrix product have in common; variants.ts prepares each of them from
// `stored + lanes + operands + epilogue + variant`, as WGSL has no imports.
//   out = op(A) · op(B), finished by the epilogue      op(X) = X or its transpose
// Shapes: op(A) [M, K], op(B) [K, N], out [M, N]; N and K are multiples of 4, and so is every extent that
// lies along a stored row of A or B. M may be anything.
//
// WGSL's matrices are columns, ours are rows, so a 4 × 4 block holds the transpose of what it stands for:
// block[i] is row i. Then C = A · B becomes c = b * a. Every variant adds these products in the order of k,
// so that their results are the same to the bit wherever the compiler rounds them alike.

struct Params {
  M: u32,
  K: u32,
  N: u32,
  slice: u32, // of K that one layer of workgroups sums, a multiple of 4; K where it is not split
  rows_b: u32, // that B is stored with
  has_bias: u32, // and has_beside: see epilogue.wgsl
  has_beside: u32,
}

override TRANSPOSE_A: bool = false; // A is stored [K, M]
override TRANSPOSE_B: bool = false; // B is stored [N, K]
override IS_SHORT: bool = false; // M < 4
override LACKS_ROWS: bool = false; // up to three of B's rows are not there: the last stands for them

// Binding 0 is B, which `weight` reads (stored.ts).
@group(0) @binding(1) var<storage, read> a: array<vec4f>;

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

// Four stored rows of B from `row` on, one vector of each.
fn load_rows(row: u32, column: u32, stride: u32) -> mat4x4f {
  if (LACKS_ROWS) {
    let last = params.rows_b - 1u;
    return mat4x4f(
        weight(min(row, last) * stride + column),
        weight(min(row + 1u, last) * stride + column),
        weight(min(row + 2u, last) * stride + column),
        weight(min(row + 3u, last) * stride + column),
    );
  }
  let at = row * stride + column;
  return mat4x4f(
      weight(at), weight(at + stride), weight(at + 2u * stride), weight(at + 3u * stride));
}

// Rows k … k + 3 and columns n … n + 3 of op(B). Columns past the end repeat the last block.
fn load_b(k: u32, n: u32) -> mat4x4f {
  let column = min(n, params.N - 4u);
  if (TRANSPOSE_B) {
    return transpose(load_rows(column, k / 4u, params.K / 4u));
  }
  return load_rows(k, column / 4u, params.N / 4u);
}

// The end of the part of K that begins at `first`.
fn slice_end(first: u32) -> u32 {
  return min(first + params.slice, params.K);
}

// Finishes rows m … m + 3 and columns n … n + 3 of the product over K's slice `z`.
fn store(m: u32, n: u32, z: u32, block: mat4x4f) {
  if (n >= params.N) {
    return;
  }
  let stride = params.N / 4u;
  let column = n / 4u;
  let at = (z * params.M + m) * stride + column;
  let added = bias_of(column);
  // A software adapter runs all four ifs, but takes longer to index a block than to store it.
  if (IS_SHORT) {
    var values = block;
    for (var i = 0u; i < min(4u, params.M - min(m, params.M)); i++) {
      finish(at + i * stride, added, values[i]);
    }
    return;
  }
  if (m < params.M) {
    finish(at, added, block[0]);
  }
  if (m + 1u < params.M) {
    finish(at + stride, added, block[1]);
  }
  if (m + 2u < params.M) {
    finish(at + 2u * stride, added, block[2]);
  }
  if (m + 3u < params.M) {
    finish(at + 3u * stride, added, block[3]);
  }
}
