import { describe, expect, it } from 'vitest';
import {
  expectArraysClose,
  expectClose,
  input,
  normals,
  RAGGED,
  run,
  withRunner,
} from '../../testing/harness';
import { matmulReference } from '../matmul/matmul.reference';
import { adamw, adamwParams, type AdamwSettings } from './adamw';
import { adamwReference, type AdamwState } from './adamw.reference';

const gpu = withRunner();
const settings: AdamwSettings = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.1,
  step: 1,
};

/** Prepares one kernel on zeroed moments; `step(gradient, k)` takes step k with it, R rows that are summed. */
async function optimiser(initial: Float32Array, scale = 1, flag = 0, R = 1) {
  const { runner } = gpu;
  const n = initial.length;
  const tensors = {
    parameter: input(runner, [n], initial),
    m: input(runner, [n], new Float32Array(n)),
    v: input(runner, [n], new Float32Array(n)),
  };
  const gradient = input(runner, [R, n], new Float32Array(R * n));
  const dispatch = await adamw(runner, {
    gradient: R === 1 ? gradient : { rows: gradient, R },
    ...tensors,
    scale: input(runner, [1], Float32Array.of(scale)),
    nonFinite: input(runner, [1], Uint32Array.of(flag)),
    settings,
  });
  const step = async (gradients: Float32Array, k: number) => {
    gradient.write(gradients);
    dispatch.setParams(adamwParams({ ...settings, step: k }));
    await run(runner, Promise.resolve(dispatch));
  };
  return { ...tensors, step };
}

const fresh = (values: ArrayLike<number>): AdamwState => ({
  parameter: Float64Array.from(values),
  m: new Float64Array(values.length),
  v: new Float64Array(values.length),
});

it.each(RAGGED)('five steps of %i elements agree with the reference', async (n) => {
  const values = normals(n, 1);
  const actual = await optimiser(values, 0.3);
  let expected = fresh(values);
  for (let k = 1; k <= 5; k++) {
    const gradient = normals(n, 10 + k);
    await actual.step(gradient, k);
    expected = adamwReference(expected, gradient, Math.fround(0.3), { ...settings, step: k });
  }
  await expectClose(actual.parameter, expected.parameter, 1e-6);
  await expectClose(actual.m, expected.m, 1e-6);
  await expectClose(actual.v, expected.v, 1e-6);
});

it.each([65, 68])('a gradient that is a sum of rows of %i elements', async (n) => {
  const R = 5;
  const values = normals(n, 1);
  const rows = normals(R * n, 2);
  const sum = Float64Array.from({ length: n }, (_, i) =>
    Array.from({ length: R }, (__, r) => rows[r * n + i]!).reduce((a, b) => a + b),
  );
  const actual = await optimiser(values, 1, 0, R);
  await actual.step(rows, 1);
  const expected = adamwReference(fresh(values), sum, 1, settings);
  await expectClose(actual.m, expected.m, 1e-6);
  await expectClose(actual.v, expected.v, 1e-6);
  await expectClose(actual.parameter, expected.parameter, 1e-6);
});

describe('against torch.optim.AdamW (torch 1.13, f64, three steps)', () => {
  const values = [1, -2, 0.5, 0];
  const gradients = [1, -2, 3].map((k) => [0.5 * k, -1 * k, 0, 1e-6 * k]);
  const parameter = [0.987247952617, -1.984250951525, 0.4985014995, -0.009663405787];
  const m = [0.1005, -0.201, 0, 2.01e-7];
  const v = [3.49850025e-3, 1.3994001e-2, 0, 1.3994001e-14];

  it('the reference', () => {
    let state = fresh(values);
    gradients.forEach((gradient, k) => {
      state = adamwReference(state, gradient, 1, { ...settings, step: k + 1 });
    });
    expectArraysClose(state.parameter, parameter, 1e-11);
    expectArraysClose(state.m, m, 1e-13);
    expectArraysClose(state.v, v, 1e-13);
  });

  it('the kernel', async () => {
    const actual = await optimiser(Float32Array.from(values));
    for (const [k, gradient] of gradients.entries())
      await actual.step(Float32Array.from(gradient), k + 1);
    await expectClose(actual.parameter, parameter, 1e-6);
    expect((await actual.v.read())[3]! / v[3]!).toBeCloseTo(1, 4);
  });
});

it('a set flag leaves weights and moments as they were, bit for bit', async () => {
  const values = normals(101, 1);
  const actual = await optimiser(values, 0, 1);
  await actual.step(new Float32Array(101).fill(NaN), 1);
  expect(await actual.parameter.read()).toEqual(values);
  expect(await actual.m.read()).toEqual(new Float32Array(101));
  expect(await actual.v.read()).toEqual(new Float32Array(101));
});

it('reaches the last of more elements than one axis of workgroups covers', async () => {
  const n = 65_535 * 64 + 3;
  const actual = await optimiser(new Float32Array(n).fill(2));
  await actual.step(new Float32Array(n).fill(-1), 1);
  const parameter = await actual.parameter.read();
  // The first step of Adam is one learning rate long, whatever the gradient.
  const expected = Math.fround(2 * (1 - 0.01 * 0.1) + 0.01);
  expect(parameter.every((value) => Math.abs(value - expected) < 1e-6)).toBe(true);
});

/** R, rows and columns round the 32 rows and 8 Lanes of a workgroup. */
const PRODUCTS = [
  [1, 1, 1],
  [3, 4, 4],
  [5, 31, 31],
  [16, 33, 33],
  [7, 32, 36],
  [2, 5, 101],
  [4, 101, 64],
] as const;

it.each(PRODUCTS)('a gradient that is a product, R %i, %i × %i', async (R, rows, columns) => {
  const { runner } = gpu;
  const values = normals(rows * columns, 1);
  const dout = normals(R * rows, 2);
  const x = normals(R * columns, 3);
  const shape = [rows, columns];
  const tensors = {
    parameter: input(runner, shape, values),
    m: input(runner, shape, new Float32Array(rows * columns)),
    v: input(runner, shape, new Float32Array(rows * columns)),
  };
  const dispatch = await adamw(runner, {
    gradient: { dout: input(runner, [R, rows], dout), x: input(runner, [R, columns], x) },
    ...tensors,
    scale: input(runner, [1], Float32Array.of(0.3)),
    nonFinite: input(runner, [1], Uint32Array.of(0)),
    settings,
  });
  const gradient = matmulReference(dout, x, { M: rows, K: R, N: columns, transposeA: true });
  let expected = fresh(values);
  for (let step = 1; step <= 3; step++) {
    dispatch.setParams(adamwParams({ ...settings, step }));
    await run(runner, Promise.resolve(dispatch));
    expected = adamwReference(expected, gradient, Math.fround(0.3), { ...settings, step });
  }
  await expectClose(tensors.m, expected.m, 1e-6);
  await expectClose(tensors.v, expected.v, 1e-6);
  // Where a gradient is next to nothing the step is of one length, but its sign is rounding's.
  const clear = expected.parameter.map((value, i) => (Math.abs(gradient[i]!) < 1e-3 ? NaN : value));
  const actual = await tensors.parameter.read();
  expectArraysClose(
    actual.filter((_, i) => !Number.isNaN(clear[i])),
    clear.filter((value) => !Number.isNaN(value)),
    1e-5,
  );
});
