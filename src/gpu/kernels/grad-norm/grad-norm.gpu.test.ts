import { describe, expect, it } from 'vitest';
import { Tensor } from '../../tensor';
import {
  expectClose,
  input,
  normals,
  output,
  POISON,
  run,
  withRunner,
} from '../../testing/harness';
import type { Gradient } from '../gradient';
import { matmulReference } from '../matmul/matmul.reference';
import { gradNorm, gradNormPartials } from './grad-norm';
import { gradNormReference } from './grad-norm.reference';

const gpu = withRunner();

function runNorm(gradients: readonly Float32Array[], maxNorm: number, normRow = 0) {
  const tensors = gradients.map((gradient) => input(gpu.runner, [gradient.length], gradient));
  return runNormOf(tensors, maxNorm, normRow);
}

async function runNormOf(
  tensors: readonly Gradient[],
  maxNorm: number,
  normRow = 0,
  productWorkgroup?: 4 | 64,
) {
  const { runner } = gpu;
  const norm = output(runner, [3]);
  const scale = output(runner, [1]);
  const nonFinite = Tensor.from(runner.gpu, 'flag', [1], Uint32Array.of(77));
  const { partials, total } = await gradNorm(runner, {
    gradients: tensors,
    partials: output(runner, [gradNormPartials(tensors)]),
    norm,
    scale,
    nonFinite,
    normRow,
    maxNorm,
    ...(productWorkgroup && { productWorkgroup }),
  });
  for (const dispatch of [...partials, total]) await run(runner, Promise.resolve(dispatch));
  return { norm, scale, nonFinite };
}

// 8192 elements are one slice; 64 slices one round of the second stage.
const SHAPES = [[1], [63, 1, 101], [8191, 8192, 8193], [8192 * 65 + 5, 3]];

describe.each(SHAPES)('gradient norm of tensors of %i, … elements', (...sizes) => {
  it.each([1e-3, 1, 1e9])('agrees with the reference for a limit of %f', async (maxNorm) => {
    const gradients = sizes.map((size, k) => normals(size, k));
    const expected = gradNormReference(gradients, maxNorm);
    const { norm, scale, nonFinite } = await runNorm(gradients, maxNorm, 1);
    await expectClose(norm, [POISON, expected.norm, POISON]);
    const [actual] = await scale.read();
    expect(actual! / expected.scale).toBeCloseTo(1, 5);
    expect([...(await nonFinite.read())]).toEqual([0]);
  });
});

it.each([
  [1, 7],
  [3, 101],
  [16, 8193],
])('a gradient that is a sum of %i rows of %i counts as the sum does', async (R, n) => {
  const rows = normals(R * n, 1);
  const sum = new Float64Array(n);
  rows.forEach((value, i) => (sum[i % n]! += value));
  const { norm } = await runNormOf([{ rows: input(gpu.runner, [R, n], rows), R }], 1);
  expect((await norm.read())[0]! / gradNormReference([sum], 1).norm).toBeCloseTo(1, 5);
});

it('is the same bit for bit in a second run', async () => {
  const gradients = [normals(20_000, 1), normals(333, 2)];
  const [first, second] = [await runNorm(gradients, 1), await runNorm(gradients, 1)];
  expect(await first.norm.read()).toEqual(await second.norm.read());
});

it('a gradient of zeros is left alone', async () => {
  const { norm, scale } = await runNorm([new Float32Array(100)], 1);
  expect((await norm.read())[0]).toBe(0);
  expect([...(await scale.read())]).toEqual([1]);
});

describe.each([NaN, Infinity, -Infinity, 1e20])('%f among the gradients', (value) => {
  it.each([0, 9000])('raises the flag at element %i', async (index) => {
    const broken = normals(10_000, 1);
    broken[index] = value;
    const { norm, scale, nonFinite } = await runNorm([normals(50, 2), broken], 1);
    expect((await norm.read())[0]).toBe(Infinity);
    expect([...(await scale.read())]).toEqual([0]);
    expect([...(await nonFinite.read())]).toEqual([1]);
  });
});

it('partials that only overflow together raise the flag', async () => {
  const { nonFinite } = await runNorm([Float32Array.of(1.5e19), Float32Array.of(1.5e19)], 1);
  expect([...(await nonFinite.read())]).toEqual([1]);
});

describe.each([
  [1, 1, 1],
  [3, 4, 4],
  [5, 31, 31],
  [16, 33, 33],
  [7, 65, 36],
  [4, 101, 130],
])('a gradient that is a product, R %i, %i × %i', (R, rows, columns) => {
  const dout = normals(R * rows, 1);
  const x = normals(R * columns, 2);

  it.each([4, 64] as const)('counts as its elements do, beside a tensor, by %i', async (size) => {
    const { runner } = gpu;
    const other = normals(77, 3);
    const gradient = matmulReference(dout, x, { M: rows, K: R, N: columns, transposeA: true });
    const expected = gradNormReference([gradient, other], 1);
    const product = { dout: input(runner, [R, rows], dout), x: input(runner, [R, columns], x) };
    const { norm } = await runNormOf([product, input(runner, [77], other)], 1, 0, size);
    expect((await norm.read())[0]! / expected.norm).toBeCloseTo(1, 5);
  });

  it('raises the flag where a factor is not finite', async () => {
    const { runner } = gpu;
    const broken = Float32Array.from(dout);
    broken[R * rows - 1] = Infinity;
    const product = { dout: input(runner, [R, rows], broken), x: input(runner, [R, columns], x) };
    const { nonFinite } = await runNormOf([product], 1);
    expect([...(await nonFinite.read())]).toEqual([1]);
  });
});
