import { describe, expect, it } from 'vitest';
import { type Chooser, KernelRunner, type Prepared, type Trial } from '../../kernel';
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
import type { Tensor } from '../../tensor';
import { geluBackwardReference, geluReference } from '../gelu/gelu.reference';
import { matmul, type Matmul } from './matmul';
import { linearBackwardReference, matmulReference } from './matmul.reference';
import { type VariantName, VARIANT_NAMES } from './variants';

const gpu = withRunner();

type Shape = readonly [M: number, K: number, N: number];

/** Round the tiles of every variant, and K round the 16 that shared-64x64 takes at once. */
const WHOLE_VECTORS: readonly Shape[] = [
  [1, 4, 4],
  [4, 4, 8],
  [15, 16, 12],
  [16, 20, 64],
  [17, 12, 68],
  [63, 64, 64],
  [68, 68, 132],
  [101, 132, 60],
];
const RAGGED: readonly Shape[] = [
  [1, 1, 1],
  [7, 3, 5],
  [8, 8, 17],
  [31, 33, 32],
  [101, 97, 103],
];

/** Every layout, both ways to store B and every epilogue, in as few shaders as hold them. */
const CASES = [
  { epilogue: 'add', dtype: 'f32' },
  { epilogue: 'accumulate', dtype: 'f16', transposeB: true },
  { epilogue: 'gelu', dtype: 'f32', transposeA: true },
  { epilogue: 'gelu gradient', dtype: 'f16', transposeA: true, transposeB: true },
] as const;
type Case = {
  epilogue: (typeof CASES)[number]['epilogue'];
  dtype: 'f32' | 'f16';
  transposeA?: boolean;
  transposeB?: boolean;
};

/** What a call writes, with what it must be. */
interface Expected {
  args: Matmul & { out: Tensor };
  written: readonly (readonly [Tensor, Float64Array])[];
}

function callOf([M, K, N]: Shape, { epilogue, dtype, ...layout }: Case): Expected {
  const { runner } = gpu;
  const [a, b, bias] = [normals(M * K, 1), halfNormals(K * N, 2), normals(N, 3)];
  const [before, beside] = [normals(M * N, 4), normals(M * N, 5)];
  const tensors = { a: input(runner, [M, K], a), b: storedMatrix(runner, dtype, [K, N], b) };
  const shared = { ...tensors, M, K, N, ...layout };
  const product = matmulReference(a, b, { M, K, N, ...layout });
  const withBias = product.map((value, i) => value + bias[i % N]!);
  const out = output(runner, [M, N]);
  if (epilogue === 'gelu') {
    const preActivation = output(runner, [M, N]);
    return {
      args: { ...shared, out, bias: input(runner, [N], bias), preActivation },
      written: [
        [preActivation, withBias],
        [out, geluReference(withBias)],
      ],
    };
  }
  if (epilogue === 'gelu gradient')
    return {
      args: { ...shared, out, timesGeluSlope: input(runner, [M, N], beside) },
      written: [[out, geluBackwardReference(product, beside)]],
    };
  if (epilogue === 'accumulate') {
    const sum = input(runner, [M, N], before);
    return {
      args: { ...shared, out: sum, accumulate: true },
      written: [[sum, product.map((value, i) => value + before[i]!)]],
    };
  }
  const added = { bias: input(runner, [N], bias), residual: input(runner, [M, N], beside) };
  return {
    args: { ...shared, out, ...added },
    written: [[out, withBias.map((value, i) => value + beside[i]!)]],
  };
}

/** Runs every shape in one submit. */
async function expectReference(
  shapes: readonly Shape[],
  of: Case,
  choice: Pick<Matmul, 'variant' | 'slices'>,
): Promise<void> {
  const { runner } = gpu;
  // Rows of a transposed A are whole vectors only where M is.
  const fitting = shapes.filter(([M]) => !of.transposeA || shapes === RAGGED || M % 4 === 0);
  const calls = fitting.map((shape) => callOf(shape, of));
  await run(
    runner,
    Promise.all(calls.map(({ args }): Promise<Prepared> => matmul(runner, { ...args, ...choice }))),
  );
  for (const { written } of calls)
    for (const [tensor, expected] of written) await expectClose(tensor, expected);
}

// A device without subgroups fails here: what is not run must not pass.
describe.each(VARIANT_NAMES)('matmul by %s', (variant) => {
  it.each(CASES)('agrees with the reference, %o', (of) =>
    expectReference(WHOLE_VECTORS, of, { variant }),
  );
});

describe('matmul', () => {
  it.each(CASES)('of extents that are no multiples of 4 agrees with the reference, %o', (of) =>
    expectReference(RAGGED, of, {}),
  );

  it.each(CASES)('in slices of K agrees with the reference, %o', async (of) => {
    await expectReference(WHOLE_VECTORS, of, { variant: 'tile-4x4', slices: 3 });
  });

  it.each([
    { K: 8, N: 20, rows: 17, transposeB: true },
    { K: 8, N: 20, rows: 18, transposeB: true, variant: 'shared-64x64' },
    { K: 20, N: 8, rows: 17, transposeB: false },
    { K: 20, N: 7, rows: 19, transposeB: false },
  ] as const)('takes a B whose last rows are missing: %o', async (given) => {
    const { runner } = gpu;
    const { K, N, rows, ...choice } = given;
    const { transposeB } = choice;
    const M = 5;
    const stored = normals(rows * (transposeB ? K : N), 2);
    const full = new Float32Array(K * N);
    full.set(stored);
    // Where K is rounded up, A has zeros there; where N is, nobody looks at those columns.
    const a = normals(M * K, 1).map((value, i) => (!transposeB && i % K >= rows ? 0 : value));
    const out = output(runner, [M, N]);
    const tensors = { a: input(runner, [M, K], a), b: input(runner, [stored.length], stored), out };
    await run(runner, matmul(runner, { ...tensors, M, K, N, ...choice }));
    const isLooked = (_: number, i: number) => !transposeB || i % N < rows;
    const expected = matmulReference(a, full, { M, K, N, transposeB }).filter(isLooked);
    expectArraysClose((await out.read()).filter(isLooked), expected, 1e-5);
  });

  it('gives the same bits by every variant on this adapter', async () => {
    const { runner } = gpu;
    const { args } = callOf([101, 132, 60], { epilogue: 'add', dtype: 'f32' });
    const bitsBy = async (variant: VariantName) => {
      await run(runner, matmul(runner, { ...args, variant }));
      return new Uint32Array((await args.out.read()).buffer);
    };
    const [first, ...others] = VARIANT_NAMES;
    const bits = await bitsBy(first!);
    for (const variant of others) expect(await bitsBy(variant), variant).toEqual(bits);
  });

  it('is compared on a problem of its own, cleared for each variant', async () => {
    const bits: Uint32Array[] = [];
    const compare = async (trial: Trial) => {
      const [first, second] = [await trial.prepare('tile-4x4'), await trial.prepare('tile-8x8')];
      for (const step of [first, second]) {
        await run(gpu.runner, Promise.resolve(step));
        bits.push(await trial.bits());
      }
      await trial.prepare('tile-4x4');
      bits.push(await trial.bits());
      trial.destroy();
    };
    const chooser: Chooser = {
      async choose(_key, _names, trial) {
        await compare(trial());
        return 'tile-4x4';
      },
    };
    const { args } = callOf([128, 64, 128], { epilogue: 'add', dtype: 'f32' });
    await matmul(new KernelRunner(gpu.runner.gpu, undefined, chooser), args);
    expect(bits[0]!.some((word) => word !== 0)).toBe(true);
    expect(bits[1]).toEqual(bits[0]);
    expect(bits[2]!.every((word) => word === 0)).toBe(true);
  });

  it('gives the same bits in slices, whichever variant sums them, run by run', async () => {
    const { runner } = gpu;
    const { args } = callOf([17, 132, 68], { epilogue: 'add', dtype: 'f32' });
    const bitsBy = async (variant: VariantName) => {
      await run(runner, matmul(runner, { ...args, variant, slices: 4 }));
      return new Uint32Array((await args.out.read()).buffer);
    };
    const bits = await bitsBy('tile-4x4');
    expect(await bitsBy('tile-4x4')).toEqual(bits);
    expect(await bitsBy('quads-16x16')).toEqual(bits);
  });

  it('has a finite GELU at ends where a naive tanh overflows', async () => {
    const { runner } = gpu;
    const ends = Float32Array.of(-1000, -60, 60, 1000);
    const zeros = { a: input(runner, [1, 4], new Float32Array(4)), M: 1, K: 4, N: 4 };
    const b = input(runner, [4, 4], new Float32Array(16));
    const [preActivation, out] = [output(runner, [1, 4]), output(runner, [1, 4])];
    const bias = input(runner, [4], ends);
    await run(runner, matmul(runner, { ...zeros, b, bias, preActivation, out }));
    expect([...(await out.read())]).toEqual([-0, -0, 60, 1000]);
  });

  it('refuses tensors that do not fit the sizes', async () => {
    const { runner } = gpu;
    const a = output(runner, [2, 3]);
    await expect(matmul(runner, { a, b: a, out: a, M: 2, K: 3, N: 4 })).rejects.toThrow(RangeError);
    const [b, out] = [output(runner, [4, 3]), output(runner, [2, 8])];
    const product = matmul(runner, { a, b, out, M: 2, K: 3, N: 8, transposeB: true });
    await expect(product).rejects.toThrow('wanted 8 rows or up to three fewer');
  });
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

it('the backward reference of GELU is the gradient of the forward one', () => {
  const [x, dout] = [normals(20, 1, 2), normals(20, 2)];
  const numeric = centralDifferences(
    (at) => geluReference(at).reduce((sum, y, i) => sum + y * dout[i]!, 0),
    x,
  );
  expectArraysClose(geluBackwardReference(dout, x), numeric);
});
