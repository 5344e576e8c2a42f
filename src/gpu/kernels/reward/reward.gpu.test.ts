import { describe, expect, it } from 'vitest';
import { Random } from '../../../math/random';
import {
  expectClose,
  input,
  normals,
  output,
  RAGGED,
  run,
  withRunner,
} from '../../testing/harness';
import { reward, rewardParams, type RewardWeights } from './reward';
import { repetitionReference, rewardReference } from './reward.reference';

const gpu = withRunner();
const endOfText = 0;
const weights: RewardWeights = {
  klCoef: 0.15,
  clipWeight: 2,
  gain: 50,
  bias: 0.2,
  fluencyWeight: 0.7,
  repetitionWeight: 1.3,
};

/** Episodes of up to T tokens out of 9 kinds, so that pairs and triples do come twice. */
function episodes(B: number, T: number, Q: number) {
  const random = new Random(T, Q);
  const draw = (count: number) => Uint32Array.from({ length: count }, () => random.integer(9));
  return {
    logp: normals(B * T, 1).map((x) => -Math.abs(x)),
    refLogp: normals(B * T, 2, 20).map((x) => -Math.abs(x)), // some beyond 70/m
    score: normals(B, 3, 0.3),
    tokens: draw(B * T),
    query: draw(B * Q),
    lengths: Uint32Array.from({ length: B }, (_, b) => Math.max(T - 2 * b, b % 2)),
    endOfText,
  };
}

async function runReward(
  values: ReturnType<typeof episodes>,
  later?: RewardWeights,
  released = false,
) {
  const { runner } = gpu;
  const B = values.lengths.length;
  const T = values.logp.length / B;
  const Q = values.query.length / B;
  const rewards = output(runner, [B, T]);
  const terms = output(runner, [B, 4]);
  const dispatch = await reward(runner, {
    logp: input(runner, [B, T], values.logp),
    refLogp: input(runner, [B, T], values.refLogp),
    score: input(runner, [B], values.score),
    tokens: input(runner, [B, T], values.tokens),
    query: input(runner, [B, Q], values.query),
    lengths: input(runner, [B], values.lengths),
    rewards,
    terms,
    endOfText,
    weights,
    released,
  });
  if (later) dispatch.setParams(rewardParams(later));
  await run(runner, Promise.resolve(dispatch));
  return { rewards, terms };
}

describe.each(RAGGED)('reward of up to %i tokens', (T) => {
  it.each([0, 1, 3])('agrees with the reference after a query of %i', async (Q) => {
    const values = episodes(6, T, Q);
    const expected = rewardReference({ ...values, weights });
    const { rewards, terms } = await runReward(values);
    await expectClose(rewards, expected.rewards);
    await expectClose(terms, expected.terms);
  });
});

it('weights can be changed later', async () => {
  const values = episodes(3, 12, 1);
  const later = { ...weights, klCoef: 1, clipWeight: 0, gain: 3, bias: -1, fluencyWeight: 0 };
  const { rewards } = await runReward(values, later);
  await expectClose(rewards, rewardReference({ ...values, weights: later }).rewards);
});

it('counts repeated tokens as the released code does where told to', async () => {
  const values = episodes(6, 13, 2);
  const expected = rewardReference({ ...values, weights, released: true });
  const { rewards, terms } = await runReward(values, undefined, true);
  await expectClose(rewards, expected.rewards);
  await expectClose(terms, expected.terms);
  expect(repetitionReference([1, 2, 3], true)).toBeCloseTo(0.025, 12);
  expect(repetitionReference([1, 2, 3, 2, 4, 2], true)).toBeCloseTo(0, 12);
});

describe('the repetition penalty by hand', () => {
  it.each([
    ['nothing repeated', [1, 2, 3, 4], 0],
    ['nothing at all', [], 0],
    ['one token: all its n-grams are itself', [5], 0],
    ['a token once again is allowed', [1, 2, 3, 2], 0],
    ['two tokens again cost one', [1, 2, 3, 2, 4, 2], -0.025],
    // circle 1 2 1 2: pairs 12 21 12 21, triples 121 212 121 212
    ['a pair again', [1, 2, 1, 2], -0.025 * (1 + 2 * 2 + 4 * 2)],
    ['one token three times', [7, 7, 7], -0.025 * (1 + 2 * 2 + 4 * 2)],
  ])('%s', (_, text, expected) => {
    expect(repetitionReference(text)).toBeCloseTo(expected, 12);
  });
});
