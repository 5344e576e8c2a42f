/** The matrix product in f64: out[m, n] = Σ_k op(a)[m, k] · op(b)[k, n] (+ bias[n]). */

export interface MatmulShape {
  M: number;
  K: number;
  N: number;
  transposeA?: boolean;
  transposeB?: boolean;
}

export function matmulReference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { M, K, N, transposeA = false, transposeB = false }: MatmulShape,
  bias?: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(M * N);
  for (let m = 0; m < M; m++)
    for (let n = 0; n < N; n++) {
      let sum = bias ? bias[n]! : 0;
      for (let k = 0; k < K; k++)
        sum += a[transposeA ? k * M + m : m * K + k]! * b[transposeB ? n * K + k : k * N + n]!;
      out[m * N + n] = sum;
    }
  return out;
}

/** Gradients of y [M, N] = x [M, K] · w [K, N] + bias [N], each a matrix product or a column sum. */
export function linearBackwardReference(
  dout: ArrayLike<number>,
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  { M, K, N }: { M: number; K: number; N: number },
): { dx: Float64Array; dw: Float64Array; dbias: Float64Array } {
  const dbias = new Float64Array(N);
  for (let m = 0; m < M; m++) for (let n = 0; n < N; n++) dbias[n]! += dout[m * N + n]!;
  return {
    dx: matmulReference(dout, w, { M, K: N, N: K, transposeB: true }),
    dw: matmulReference(x, dout, { M: K, K: M, N, transposeA: true }),
    dbias,
  };
}
