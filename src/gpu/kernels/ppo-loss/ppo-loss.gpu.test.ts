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
import { PPO_STATS, ppoLoss } from './ppo-loss';
import {
  type PpoLossReferenceInput,
  ppoLossBackwardReference,
  ppoLossReference,
} from './ppo-loss.reference';

const gpu = withRunner();
/** A row of statistics that no kernel wrote. */
const untouched = new Float64Array(PPO_STATS.length).fill(POISON);

/** A minibatch of 5 out of 9 episodes of up to T tokens. */
function minibatch(T: number, spread = 0.3): PpoLossReferenceInput {
  const [R, B] = [5, 9];
  return {
    newLogp: normals(R * T, 1, spread).map((x) => x - 2),
    entropy: normals(R * T, 2).map(Math.abs),
    kl: normals(R * T, 3, 0.2).map(Math.abs),
    oldLogp: normals(B * T, 4, spread).map((x) => x - 2),
    advantage: normals(B * T, 5),
    lengths: Uint32Array.from({ length: B }, (_, b) => Math.max(T - 3 * b, b % 2)),
    rows: Uint32Array.of(7, 0, 3, 8, 1),
    clipRange: 0.2,
    klLossCoef: 0.7,
    klLossThreshold: 0.1,
    entropyCoef: 0.03,
    policyCoef: 0.9,
    nllCoef: 0.2,
    nllThreshold: 2 * T,
  };
}

async function runLoss(values: PpoLossReferenceInput, statsRow = 0) {
  const { runner } = gpu;
  const R = values.rows.length;
  const B = values.lengths.length;
  const T = values.newLogp.length / R;
  const floats = (shape: number[], data: ArrayLike<number>) =>
    input(runner, shape, Float32Array.from(data));
  const outputs = {
    dlogp: output(runner, [R, T]),
    dentropy: output(runner, [R, T]),
    dkl: output(runner, [R, T]),
    stats: output(runner, [3, PPO_STATS.length]),
  };
  const { policy, regularizers, likelihood } = await ppoLoss(runner, {
    ...values,
    newLogp: floats([R, T], values.newLogp),
    entropy: floats([R, T], values.entropy),
    kl: floats([R, T], values.kl),
    oldLogp: floats([B, T], values.oldLogp),
    advantage: floats([B, T], values.advantage),
    lengths: input(runner, [B], Uint32Array.from(values.lengths)),
    rows: input(runner, [R], Uint32Array.from(values.rows)),
    ...outputs,
    statsRow,
  });
  await run(runner, Promise.resolve(policy));
  await run(runner, Promise.resolve(regularizers));
  await run(runner, Promise.resolve(likelihood));
  return outputs;
}

describe.each(RAGGED)('ppo loss over up to %i tokens', (T) => {
  it('statistics and gradients agree with the reference', async () => {
    const values = minibatch(T);
    const stats = ppoLossReference(values);
    const gradients = ppoLossBackwardReference(values);
    const actual = await runLoss(values, 1);
    await expectClose(actual.stats, [
      ...untouched,
      ...PPO_STATS.map((name) => stats[name]),
      ...untouched,
    ]);
    await expectClose(actual.dlogp, gradients.dlogp, 1e-6);
    await expectClose(actual.dentropy, gradients.dentropy, 1e-6);
    await expectClose(actual.dkl, gradients.dkl, 1e-6);
  });
});

it('at the old policy the ratio is 1 and the gradient is the plain policy gradient', async () => {
  const values = minibatch(8);
  const lengths = new Uint32Array(9).fill(8);
  const newLogp = Float64Array.from(
    values.newLogp,
    (_, i) => values.oldLogp[values.rows[Math.floor(i / 8)]! * 8 + (i % 8)]!,
  );
  const { stats, dlogp } = await runLoss({ ...values, lengths, newLogp, nllCoef: 0 });
  const [, approxKl, clipFraction, ratioMean, tokens] = await stats.read();
  expect([approxKl, clipFraction, ratioMean, tokens]).toEqual([0, 0, 1, 40]);
  const expected = Array.from(
    newLogp,
    (_, i) => (-0.9 * values.advantage[values.rows[Math.floor(i / 8)]! * 8 + (i % 8)]!) / 40,
  );
  await expectClose(dlogp, expected, 1e-6);
});

it('the KL estimate of a tiny step survives f32', async () => {
  // log-ratios near 2^-10 that f32 holds exactly: the estimate is x²/2 ≈ 5e-7
  const values = { ...minibatch(4), lengths: new Uint32Array(9).fill(4) };
  const oldLogp = new Float64Array(36).fill(-2);
  const newLogp = Float64Array.from({ length: 20 }, (_, i) => -2 + (i % 2 ? 1 : -1) / 1024);
  const { approxKl } = ppoLossReference({ ...values, oldLogp, newLogp });
  const { stats } = await runLoss({ ...values, oldLogp, newLogp });
  expect((await stats.read())[1]! / approxKl).toBeCloseTo(1, 4);
});

it('a minibatch without tokens has finite statistics and no gradient', async () => {
  const { dlogp, dkl, stats } = await runLoss({ ...minibatch(3), lengths: new Uint32Array(9) });
  await expectClose(dlogp, new Float64Array(15));
  await expectClose(dkl, new Float64Array(15));
  await expectClose(stats, [...PPO_STATS.map(() => 0), ...untouched, ...untouched]);
});

it('a ratio beyond f32 stays finite', async () => {
  const values = { ...minibatch(2), newLogp: new Float64Array(10).fill(500) };
  const { stats, dlogp } = await runLoss(values);
  const finite = [...(await stats.read()).slice(0, PPO_STATS.length), ...(await dlogp.read())];
  expect(finite.filter((x) => !Number.isFinite(x))).toEqual([]);
});

it('the backward reference is the gradient of the forward reference', () => {
  const values = minibatch(6);
  const { dlogp, dentropy, dkl } = ppoLossBackwardReference(values);
  const loss = (changed: Partial<PpoLossReferenceInput>) => {
    const stats = ppoLossReference({ ...values, ...changed });
    return stats.policyLoss + stats.klLoss + stats.entropyLoss + stats.nllLoss;
  };
  const numeric = (name: 'newLogp' | 'entropy' | 'kl') =>
    centralDifferences((at) => loss({ [name]: at }), values[name]);
  expectArraysClose(dlogp, numeric('newLogp'), 1e-7);
  expectArraysClose(dentropy, numeric('entropy'), 1e-7);
  expectArraysClose(dkl, numeric('kl'), 1e-7);
  expect(dlogp.some((g) => Math.abs(g) > 1e-3)).toBe(true);
  expect(ppoLossReference(values).clipFraction).toBeGreaterThan(0);
  expect(ppoLossReference(values).nllLoss).toBeGreaterThan(0);
});
