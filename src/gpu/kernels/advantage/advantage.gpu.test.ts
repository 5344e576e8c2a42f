import { describe, expect, it } from 'vitest';
import {
  expectClose,
  input,
  normals,
  output,
  RAGGED,
  run,
  withRunner,
} from '../../testing/harness';
import { gae, grpo, rloo } from './advantage';
import { gaeReference, grpoReference, rlooReference } from './advantage.reference';

const gpu = withRunner();

const raggedLengths = (B: number, T: number) =>
  Uint32Array.from({ length: B }, (_, b) => (b * 37) % (T + 1)); // 0 included

async function amongSamples(
  kernel: typeof rloo,
  rewards: Float32Array,
  lengths: Uint32Array,
  samplesPerImage: number,
) {
  const { runner } = gpu;
  const shape = [lengths.length, rewards.length / lengths.length];
  const out = output(runner, shape);
  await run(
    runner,
    kernel(runner, {
      rewards: input(runner, shape, rewards),
      lengths: input(runner, [lengths.length], lengths),
      out,
      samplesPerImage,
    }),
  );
  return out;
}

const runRloo = (rewards: Float32Array, lengths: Uint32Array, samples: number) =>
  amongSamples(rloo, rewards, lengths, samples);
const runGrpo = (rewards: Float32Array, lengths: Uint32Array, samples: number) =>
  amongSamples(grpo, rewards, lengths, samples);

async function runGae(
  rewards: Float32Array,
  values: Float32Array,
  lengths: Uint32Array,
  gamma: number,
  lambda: number,
) {
  const { runner } = gpu;
  const shape = [lengths.length, rewards.length / lengths.length];
  const advantages = output(runner, shape);
  const returns = output(runner, shape);
  await run(
    runner,
    gae(runner, {
      rewards: input(runner, shape, rewards),
      values: input(runner, shape, values),
      lengths: input(runner, [lengths.length], lengths),
      advantages,
      returns,
      gamma,
      lambda,
    }),
  );
  return { advantages, returns };
}

describe('rloo', () => {
  it('by hand: two pictures, three samples each', async () => {
    // totals 3, 5, 1 | 0, 6, 4; -9 lies beyond the length
    const rewards = Float32Array.of(1, 2, -9, 5, -9, -9, 0, 0, 1, -9, -9, -9, 1, 2, 3, 4, 0, -9);
    const lengths = Uint32Array.of(2, 1, 3, 0, 3, 2);
    const expected = [0, -1, 0, 3, 0, 0, -3, -3, -3, 0, 0, 0, 4, 3, 1, 1, -3, 0];
    await expectClose(await runRloo(rewards, lengths, 3), expected);
    await expectClose(await runRloo(rewards, lengths, 3), rlooReference(rewards, lengths, 3));
  });

  it.each(RAGGED)('agrees with the reference over %i tokens', async (T) => {
    const rewards = normals(12 * T, 1);
    const lengths = raggedLengths(12, T);
    await expectClose(await runRloo(rewards, lengths, 4), rlooReference(rewards, lengths, 4));
  });

  it.each([2, 63, 64, 65, 101])('agrees with the reference for %i samples', async (K) => {
    const rewards = normals(2 * K * 5, 2);
    const lengths = raggedLengths(2 * K, 5);
    await expectClose(await runRloo(rewards, lengths, K), rlooReference(rewards, lengths, K));
  });

  it.each([1, 4])('refuses 6 episodes in pictures of %i samples', async (K) => {
    await expect(runRloo(normals(6, 1), new Uint32Array(6).fill(1), K)).rejects.toThrow(RangeError);
  });
});

describe('grpo', () => {
  it('by hand: two pictures, three samples each; one picture’s samples earn the same', async () => {
    // totals 3, 5, 1: mean 3, deviation 2 | 2, 2, 2; -9 lies beyond the length
    const rewards = Float32Array.of(1, 2, -9, 5, -9, -9, 0, 0, 1, 2, -9, -9, 1, 1, -9, 3, -1, 0);
    const lengths = Uint32Array.of(2, 1, 3, 1, 2, 3);
    const one = 2 / 2.0001;
    const expected = [0, 0, 0, one, 0, 0, -one, -one, -one, ...new Array<number>(9).fill(0)];
    await expectClose(await runGrpo(rewards, lengths, 3), expected);
  });

  it.each(RAGGED)('agrees with the reference over %i tokens', async (T) => {
    const rewards = normals(12 * T, 1);
    const lengths = raggedLengths(12, T);
    await expectClose(await runGrpo(rewards, lengths, 4), grpoReference(rewards, lengths, 4));
  });

  it.each([2, 63, 64, 65, 101])('agrees with the reference for %i samples', async (K) => {
    const rewards = normals(2 * K * 5, 2);
    const lengths = raggedLengths(2 * K, 5);
    await expectClose(await runGrpo(rewards, lengths, K), grpoReference(rewards, lengths, K));
  });
});

describe('gae', () => {
  // gamma 1/2, lambda 1/2, so gamma lambda = 1/4; row 0 has 3 tokens, row 1 has 1, row 2 none.
  //   row 0: r 1 2 4, V 2 4 6: deltas 1+2-2=1, 2+3-4=1, 4-6=-2; A_2=-2, A_1=1-1/2, A_0=1+1/8
  //   row 1: r 3, V 5: A = 3-5
  const rewards = Float32Array.of(1, 2, 4, 3, 7, 7, 7, 7, 7);
  const values = Float32Array.of(2, 4, 6, 5, 9, 9, 9, 9, 9);
  const lengths = Uint32Array.of(3, 1, 0);
  const advantagesByHand = [1.125, 0.5, -2, -2, 0, 0, 0, 0, 0];
  const returnsByHand = [3.125, 4.5, 4, 3, 0, 0, 0, 0, 0];

  it('by hand', async () => {
    const actual = await runGae(rewards, values, lengths, 0.5, 0.5);
    await expectClose(actual.advantages, advantagesByHand);
    await expectClose(actual.returns, returnsByHand);
    const reference = gaeReference(rewards, values, lengths, 0.5, 0.5);
    expect([...reference.advantages]).toEqual(advantagesByHand);
    expect([...reference.returns]).toEqual(returnsByHand);
  });

  it('λ = 1, γ = 1: the return is the reward to go, whatever the values', async () => {
    const { returns } = await runGae(rewards, values, lengths, 1, 1);
    await expectClose(returns, [7, 6, 4, 3, 0, 0, 0, 0, 0]);
  });

  it('λ = 0: the advantage is the one-step error', async () => {
    const { advantages } = await runGae(rewards, values, lengths, 1, 0);
    await expectClose(advantages, [3, 4, -2, -2, 0, 0, 0, 0, 0]);
  });

  it.each(RAGGED)('agrees with the reference for %i episodes and tokens', async (size) => {
    const many = raggedLengths(size, size);
    const r = normals(size * size, 3);
    const v = normals(size * size, 4);
    const expected = gaeReference(r, v, many, 0.99, 0.95);
    const actual = await runGae(r, v, many, 0.99, 0.95);
    await expectClose(actual.advantages, expected.advantages);
    await expectClose(actual.returns, expected.returns);
  });
});
