import { describe, expect, it } from 'vitest';
import {
  centralDifferences,
  expectArraysClose,
  expectClose,
  input,
  normals,
  output,
  RAGGED,
  run,
  withRunner,
} from '../../testing/harness';
import {
  layernormBackward,
  layernormForward,
  layernormParameters,
  type RowWorker,
} from './layernorm';
import {
  layernormBackwardReference,
  layernormParametersReference,
  layernormReference,
} from './layernorm.reference';

const gpu = withRunner();
const epsilon = 1e-5;
const WORKERS: RowWorker[] = ['workgroup', 'invocation'];

describe.each(RAGGED)('layernorm over %i columns', (C) => {
  const R = 7;
  const x = normals(R * C, 1, 3);
  const gamma = normals(C, 2);
  const beta = normals(C, 3);
  const dout = normals(R * C, 4);
  const reference = layernormReference(x, gamma, beta, epsilon);

  it.each(WORKERS)('forward agrees with the reference, one %s a row', async (worker) => {
    const { runner } = gpu;
    const out = output(runner, [R, C]);
    const mean = output(runner, [R]);
    const rstd = output(runner, [R]);
    await run(
      runner,
      layernormForward(
        runner,
        {
          x: input(runner, [R, C], x),
          gamma: input(runner, [C], gamma),
          beta: input(runner, [C], beta),
          out,
          mean,
          rstd,
          epsilon,
        },
        worker,
      ),
    );
    await expectClose(out, reference.out);
    await expectClose(mean, reference.mean);
    await expectClose(rstd, reference.rstd, 1e-4);
  });

  it.each(
    WORKERS.flatMap(
      (worker) =>
        [
          [worker, false],
          [worker, true],
        ] as const,
    ),
  )(
    'backward agrees with the reference, one %s a row (accumulate %s)',
    async (worker, accumulate) => {
      const { runner } = gpu;
      const before = normals(R * C, 5);
      const dinp = accumulate ? input(runner, [R, C], before) : output(runner, [R, C]);
      await run(
        runner,
        layernormBackward(
          runner,
          {
            dout: input(runner, [R, C], dout),
            x: input(runner, [R, C], x),
            gamma: input(runner, [C], gamma),
            mean: input(runner, [R], Float32Array.from(reference.mean)),
            rstd: input(runner, [R], Float32Array.from(reference.rstd)),
            dinp,
            accumulate,
          },
          worker,
        ),
      );
      const gradient = layernormBackwardReference(dout, x, gamma, reference.mean, reference.rstd);
      // C = 1 leaves rstd at 1/sqrt(epsilon) ≈ 316, which scales f32's rounding with it.
      await expectClose(
        dinp,
        gradient.map((g, i) => g + (accumulate ? before[i]! : 0)),
        C === 1 ? 1e-4 : 1e-5,
      );
    },
  );
});

/** The first n of 6 positions have gradients, the last N what is beside. */
describe.each([
  [6, 4],
  [2, 6],
  [4, 3],
])('layernorm backward of the first %i positions, beside the last %i', (n, N) => {
  it.each(WORKERS.flatMap((worker) => [36, 37].map((C) => [worker, C] as const)))(
    'agrees with the reference, one %s a row, width %i',
    async (worker, C) => {
      const { runner } = gpu;
      const [B, L] = [3, 6];
      const [x, gamma] = [normals(B * L * C, 1, 3), normals(C, 2)];
      const [dout, beside] = [normals(B * L * C, 3), normals(B * L * C, 4)];
      const { mean, rstd } = layernormReference(x, gamma, normals(C, 5), epsilon);
      const position = (i: number) => Math.floor(i / C) % L;
      const isFirst = (_: number, i: number) => position(i) < n;
      const isLast = (_: number, i: number) => position(i) >= L - N;
      const dinp = output(runner, [B, n, C]);
      await run(
        runner,
        layernormBackward(
          runner,
          {
            dout: input(runner, [B, n, C], dout.filter(isFirst)),
            x: input(runner, [B, L, C], x),
            gamma: input(runner, [C], gamma),
            mean: input(runner, [B, L], Float32Array.from(mean)),
            rstd: input(runner, [B, L], Float32Array.from(rstd)),
            dinp,
            sequences: B,
            beside: input(runner, [B, N, C], beside.filter(isLast)),
          },
          worker,
        ),
      );
      const gradient = layernormBackwardReference(dout, x, gamma, mean, rstd);
      const expected = gradient.map((g, i) => g + (isLast(g, i) ? beside[i]! : 0));
      await expectClose(dinp, expected.filter(isFirst));
    },
  );
});

describe.each([1, 3, 4, 5, 101])('gradients of gamma and beta over %i rows', (R) => {
  it.each([1, 15, 16, 17, 101])('of %i columns agree with the reference', async (C) => {
    const { runner } = gpu;
    const x = normals(R * C, 1, 3);
    const dout = normals(R * C, 2);
    const { mean, rstd } = layernormReference(x, normals(C, 3), normals(C, 4), epsilon);
    const [dgamma, dbeta] = [output(runner, [C]), output(runner, [C])];
    await run(
      runner,
      layernormParameters(runner, {
        dout: input(runner, [R, C], dout),
        x: input(runner, [R, C], x),
        mean: input(runner, [R], Float32Array.from(mean)),
        rstd: input(runner, [R], Float32Array.from(rstd)),
        dgamma,
        dbeta,
      }),
    );
    const expected = layernormParametersReference(dout, x, mean, rstd);
    await expectClose(dgamma, expected.dgamma);
    await expectClose(dbeta, expected.dbeta);
  });
});

it('the reference of gamma’s and beta’s gradients is the gradient of the forward reference', () => {
  const C = 5;
  const [x, gamma, beta] = [normals(3 * C, 1), normals(C, 2), normals(C, 3)];
  const dout = normals(3 * C, 4);
  const loss = (g: ArrayLike<number>, b: ArrayLike<number>) =>
    layernormReference(x, g, b, epsilon).out.reduce((sum, y, i) => sum + y * dout[i]!, 0);
  const { mean, rstd } = layernormReference(x, gamma, beta, epsilon);
  const { dgamma, dbeta } = layernormParametersReference(dout, x, mean, rstd);
  expectArraysClose(
    dgamma,
    centralDifferences((at) => loss(at, beta), gamma),
  );
  expectArraysClose(
    dbeta,
    centralDifferences((at) => loss(gamma, at), beta),
  );
});

it('the backward reference is the gradient of the forward reference', () => {
  const C = 5;
  const x = normals(3 * C, 1);
  const gamma = normals(C, 2);
  const beta = normals(C, 3);
  const dout = normals(3 * C, 4);
  const { mean, rstd } = layernormReference(x, gamma, beta, epsilon);
  const numeric = centralDifferences((at) => {
    const { out } = layernormReference(at, gamma, beta, epsilon);
    return out.reduce((sum, value, i) => sum + value * dout[i]!, 0);
  }, x);
  expectArraysClose(layernormBackwardReference(dout, x, gamma, mean, rstd), numeric, 1e-6);
  expect(numeric.some((g) => Math.abs(g) > 1e-3)).toBe(true);
});
