import { describe, expect, it } from 'vitest';
import {
  centralDifferences,
  expectArraysClose,
  expectClose,
  input,
  normals,
  output,
  POISON,
  RAGGED,
  run,
  withRunner,
} from '../../testing/harness';
import {
  VALUE_STATS,
  valueBackward,
  valueBackwardHidden,
  valueForward,
  valueLoss,
} from './value-head';
import {
  valueBackwardHiddenReference,
  valueBackwardReference,
  valueForwardReference,
  type ValueLossReferenceInput,
  valueLossReference,
} from './value-head.reference';

const gpu = withRunner();
const B = 9;
const rows = Uint32Array.of(7, 0, 3, 8, 1);
const R = rows.length;
const offset = 2;
/** A row of statistics that no kernel wrote. */
const untouched = new Float64Array(VALUE_STATS.length).fill(POISON);

const raggedLengths = (T: number) =>
  Uint32Array.from({ length: B }, (_, b) => Math.max(T - 3 * b, b % 2));

describe.each(RAGGED)('value head over %i columns', (D) => {
  const T = 7;
  const L = offset + T + 1;
  const lengths = raggedLengths(T);
  const hidden = normals(R * L * D, 1);
  const w = normals(D, 2, 0.3);

  it('forward agrees with the reference', async () => {
    const { runner } = gpu;
    const out = output(runner, [R, T]);
    await run(
      runner,
      valueForward(runner, {
        hidden: input(runner, [R, L, D], hidden),
        w: input(runner, [D], w),
        bias: input(runner, [1], Float32Array.of(0.5)),
        lengths: input(runner, [B], lengths),
        rows: input(runner, [R], rows),
        out,
        offset,
      }),
    );
    await expectClose(out, valueForwardReference(hidden, w, 0.5, lengths, rows, T, offset));
  });

  it('backward agrees with the reference', async () => {
    const { runner } = gpu;
    const dvalues = normals(R * T, 3);
    const dw = output(runner, [D]);
    const dbias = output(runner, [1]);
    await run(
      runner,
      valueBackward(runner, {
        hidden: input(runner, [R, L, D], hidden),
        dvalues: input(runner, [R, T], dvalues),
        dw,
        dbias,
        offset,
      }),
    );
    const expected = valueBackwardReference(hidden, dvalues, R, D, offset);
    await expectClose(dw, expected.dw);
    await expectClose(dbias, [expected.dbias]);
  });

  it('backward to the hidden states agrees with the reference, other rows stay', async () => {
    const { runner } = gpu;
    const dvalues = normals(R * T, 3);
    const dhidden = input(runner, [R, L, D], new Float32Array(R * L * D));
    const tensors = {
      dvalues: input(runner, [R, T], dvalues),
      w: input(runner, [D], w),
      dhidden,
      offset,
    };
    await run(runner, valueBackwardHidden(runner, tensors));
    await expectClose(dhidden, valueBackwardHiddenReference(dvalues, w, { R, L, offset }), 1e-6);
  });
});

function lossInput(T: number): ValueLossReferenceInput {
  return {
    values: normals(R * T, 4).map((x) => x + 3),
    oldValues: normals(B * T, 5).map((x) => x + 3),
    returns: normals(B * T, 6, 2).map((x) => x + 3),
    lengths: raggedLengths(T),
    rows,
    clipRange: 0.4,
    coef: 0.7,
  };
}

async function runLoss(values: ValueLossReferenceInput, statsRow = 0) {
  const { runner } = gpu;
  const T = values.values.length / R;
  const floats = (shape: number[], data: ArrayLike<number>) =>
    input(runner, shape, Float32Array.from(data));
  const dvalues = output(runner, [R, T]);
  const stats = output(runner, [2, VALUE_STATS.length]);
  await run(
    runner,
    valueLoss(runner, {
      ...values,
      values: floats([R, T], values.values),
      oldValues: floats([B, T], values.oldValues),
      returns: floats([B, T], values.returns),
      lengths: input(runner, [B], Uint32Array.from(values.lengths)),
      rows: input(runner, [R], rows),
      dvalues,
      stats,
      statsRow,
    }),
  );
  return { dvalues, stats };
}

describe.each(RAGGED)('value loss over up to %i tokens', (T) => {
  it('statistics and gradient agree with the reference', async () => {
    const values = lossInput(T);
    const expected = valueLossReference(values);
    const { dvalues, stats } = await runLoss(values, 1);
    await expectClose(stats, [...untouched, ...VALUE_STATS.map((name) => expected.stats[name])]);
    await expectClose(dvalues, expected.dvalues, 1e-6);
  });
});

it.each([0.1, 7.3])('equal returns of %f have no variance to explain', async (value) => {
  const { stats } = await runLoss({
    ...lossInput(101),
    returns: new Float32Array(B * 101).fill(value),
  });
  expect((await stats.read())[1]).toBe(0);
});

it('perfect values explain all of the variance', async () => {
  const lengths = new Uint32Array(B).fill(4);
  const returns = normals(B * 4, 7);
  const values = Float32Array.from(
    { length: R * 4 },
    (_, i) => returns[rows[i >> 2]! * 4 + (i % 4)]!,
  );
  const { stats, dvalues } = await runLoss({
    ...lossInput(4),
    lengths,
    returns,
    values,
    oldValues: returns,
  });
  const [loss, explained] = await stats.read();
  expect([loss, explained]).toEqual([0, 1]);
  await expectClose(dvalues, new Float64Array(R * 4));
});

it('a minibatch without tokens has finite statistics and no gradient', async () => {
  const { stats, dvalues } = await runLoss({ ...lossInput(3), lengths: new Uint32Array(B) });
  await expectClose(stats, [0, 0, 0, 0, 0, 0, ...untouched]);
  await expectClose(dvalues, new Float64Array(R * 3));
});

it('the backward references are the gradients of the forward references', () => {
  const T = 6;
  const D = 3;
  const values = lossInput(T);
  const { dvalues, stats } = valueLossReference(values);
  const numeric = centralDifferences(
    (at) => valueLossReference({ ...values, values: at }).stats.valueLoss,
    values.values,
  );
  expectArraysClose(dvalues, numeric, 1e-7);
  expect(stats.clipFraction).toBeGreaterThan(0);

  const hidden = normals(R * (offset + T) * D, 8);
  const head = normals(D + 1, 9); // weights, then the bias
  const headLoss = (at: ArrayLike<number>) =>
    valueForwardReference(
      hidden,
      Array.from(at).slice(0, D),
      at[D]!,
      values.lengths,
      rows,
      T,
      offset,
    ).reduce((sum, value, i) => sum + value * dvalues[i]!, 0);
  const { dw, dbias } = valueBackwardReference(hidden, dvalues, R, D, offset);
  expectArraysClose([...dw, dbias], centralDifferences(headLoss, head), 1e-7);

  const ofHidden = (at: ArrayLike<number>) =>
    valueForwardReference(
      at,
      head.subarray(0, D),
      head[D]!,
      values.lengths,
      rows,
      T,
      offset,
    ).reduce((sum, value, i) => sum + value * dvalues[i]!, 0);
  expectArraysClose(
    valueBackwardHiddenReference(dvalues, head.subarray(0, D), { R, L: offset + T, offset }),
    centralDifferences(ofHidden, hidden),
    1e-7,
  );
});
