import { expect, it } from 'vitest';
import { u32 } from '../../kernel';
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
import { PPO_STATS } from '../ppo-loss/ppo-loss';
import { crossEntropy } from './cross-entropy';
import { crossEntropyReference } from './cross-entropy.reference';

const gpu = withRunner();
const rows = Uint32Array.of(7, 0, 3, 8, 1);

function minibatch(T: number) {
  const lengths = Uint32Array.from({ length: 9 }, (_, b) => Math.max(T - 3 * b, b % 2));
  return { logp: normals(rows.length * T, 1).map((x) => x - 2), lengths };
}

it.each(RAGGED)('agrees with the reference for texts of up to %i tokens', async (T) => {
  const { runner } = gpu;
  const { logp, lengths } = minibatch(T);
  const expected = crossEntropyReference(logp, lengths, rows);
  const dlogp = output(runner, [rows.length, T]);
  const stats = output(runner, [3, PPO_STATS.length]);
  const dispatch = await crossEntropy(runner, {
    logp: input(runner, [rows.length, T], logp),
    lengths: input(runner, [9], lengths),
    rows: input(runner, [rows.length], rows),
    dlogp,
    stats,
  });
  dispatch.setParams({ statsRow: u32(1) });
  await run(runner, Promise.resolve(dispatch));
  await expectClose(dlogp, expected.dlogp, 1e-6);
  const untouched = new Array<number>(PPO_STATS.length).fill(POISON);
  const row = PPO_STATS.map(
    (name) => ({ tokens: expected.tokens, nllLoss: expected.loss })[name as string] ?? 0,
  );
  await expectClose(stats, [...untouched, ...row, ...untouched]);
});

it('the reference’s gradient is that of its loss', () => {
  const { logp, lengths } = minibatch(6);
  const numeric = centralDifferences((at) => crossEntropyReference(at, lengths, rows).loss, logp);
  const { dlogp } = crossEntropyReference(logp, lengths, rows);
  expectArraysClose(dlogp, numeric, 1e-7);
  expect(dlogp.some((gradient) => gradient !== 0)).toBe(true);
});
