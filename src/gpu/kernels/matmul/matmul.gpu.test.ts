import { describe, expect, it } from 'vitest';
import {
  centralDifferences,
  expectArraysClose,
  expectClose,
  halfNormals,
  input,
  normals,
  output,
  run,
  storedMatrix,
  withRunner,
} from '../../testing/harness';
import { matmul } from './matmul';
import { linearBackwardReference, matmulReference } from './matmul.reference';

const gpu = withRunner();

/** M, K, N round the tiles (8 × 16 an invocation, 64 × 64 a workgroup; 4 × 4 and 32 × 32 ragged). */
const SHAPES = [
  [1, 1, 1],
  [1, 4, 4],
  [7, 3, 5],
  [8, 8, 16],
  [9, 12, 20],
  [31, 33, 31],
  [32, 32, 32],
  [33, 31, 33],
  [63, 60, 64],
  [64, 64, 68],
  [65, 68, 60],
  [101, 97, 103],
  [101, 128, 132],
] as const;

const LAYOUTS = [
  { transposeA: false, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: false },
  { transposeA: true, transposeB: true },
];

describe.each(SHAPES)('matmul %i × %i × %i', (M, K, N) => {
  const a = normals(M * K, 1);
  const b = halfNormals(K * N, 2);

  it.each(LAYOUTS)('agrees with the reference, %o', async (layout) => {
    const { runner } = gpu;
    const out = output(runner, [M, N]);
    const tensors = { a: input(runner, [M, K], a), b: input(runner, [K, N], b), out };
    await run(runner, matmul(runner, { ...tensors, M, K, N, ...layout }));
    await expectClose(out, matmulReference(a, b, { M, K, N, ...layout }));
  });

  it.each([false, true])('agrees with B in f16, transposed: %s', async (transposeB) => {
    const { runner } = gpu;
    const out = output(runner, [M, N]);
    const tensors = { a: input(runner, [M, K], a), b: storedMatrix(runner, 'f16', [K, N], b), out };
    await run(runner, matmul(runner, { ...tensors, M, K, N, transposeB }));
    await expectClose(out, matmulReference(a, b, { M, K, N, transposeB }));
  });

  it('adds bias, residual and what out holds', async () => {
    const { runner } = gpu;
    const bias = normals(N, 3);
    const residual = normals(M * N, 4);
    const before = normals(M * N, 5);
    const out = input(runner, [M, N], before);
    await run(
      runner,
      matmul(runner, {
        a: input(runner, [M, K], a),
        b: input(runner, [K, N], b),
        out,
        M,
        K,
        N,
        bias: input(runner, [N], bias),
        residual: input(runner, [M, N], residual),
        accumulate: true,
      }),
    );
    const product = matmulReference(a, b, { M, K, N }, bias);
    await expectClose(
      out,
      product.map((value, i) => value + residual[i]! + before[i]!),
    );
  });
});

it('refuses tensors that do not fit the sizes', () => {
  const { runner } = gpu;
  const a = output(runner, [2, 3]);
  expect(() => matmul(runner, { a, b: a, out: a, M: 2, K: 3, N: 4 })).toThrow(RangeError);
});

it('the backward reference is the gradient of the forward reference', () => {
  const [M, K, N] = [3, 4, 2];
  const [x, w, bias] = [normals(M * K, 1), normals(K * N, 2), normals(N, 3)];
  const dout = normals(M * N, 4);
  const loss = (xAt: ArrayLike<number>, wAt: ArrayLike<number>, biasAt: ArrayLike<number>) =>
    matmulReference(xAt, wAt, { M, K, N }, biasAt).reduce((sum, y, i) => sum + y * dout[i]!, 0);
  const { dx, dw, dbias } = linearBackwardReference(dout, x, w, { M, K, N });
  expectArraysClose(
    dx,
    centralDifferences((at) => loss(at, w, bias), x),
  );
  expectArraysClose(
    dw,
    centralDifferences((at) => loss(x, at, bias), w),
  );
  expectArraysClose(
    dbias,
    centralDifferences((at) => loss(x, w, at), bias),
  );
});
