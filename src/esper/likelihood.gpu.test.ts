/** Likelihoods of texts against the PyTorch twin's log-probabilities under the text-only model. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import golden from '../../models/reference/golden/ppo-rloo.json';
import type { KernelRunner } from '../gpu/kernel';
import { sharedRunner } from '../gpu/testing/harness';
import { createTextJudge, type TextJudge } from './likelihood';
import { smallNetworks } from './testing/small-networks';

let runner: KernelRunner;
let judge: TextJudge;
beforeAll(async () => {
  runner = await sharedRunner();
  judge = await createTextJudge(await smallNetworks(runner));
});
afterAll(() => {
  judge.destroy();
});

it('agrees token by token with the twin, for texts of every length and in more than one group', async () => {
  const { minResponse } = golden.config;
  const { tokens, lengths, refLogp } = golden.updates[0]!;
  // Each text once for every length: two that differ by a token differ by its log-probability. The
  // twin bans the end of text before `minResponse`, where the distribution is another.
  const cuts = tokens.flatMap((ids, b) =>
    Array.from({ length: lengths[b]! + 1 }, (_, length) => ids.slice(0, length)),
  );
  expect(cuts.length).toBeGreaterThan(32);
  const judged = await judge.judge(cuts);
  expect(judged.map((one) => one.tokens)).toEqual(cuts.map(({ length }) => length));
  let compared = 0;
  let at = 0;
  for (const [b, length] of lengths.entries()) {
    expect(judged[at]!.nats).toBe(0);
    for (let t = minResponse; t < length; t++) {
      const nats = judged[at + t + 1]!.nats - judged[at + t]!.nats;
      expect(nats).toBeCloseTo(-refLogp[b]![t]!, 3);
      compared++;
    }
    at += length + 1;
  }
  expect(compared).toBeGreaterThan(20);
});

it('cuts a text that is longer than the model can read', async () => {
  const [long] = await judge.judge([Array.from({ length: 200 }, (_, i) => i % 90)]);
  // 48 positions, a query of 3.
  expect(long!.tokens).toBe(46);
  expect(long!.nats).toBeGreaterThan(0);
});
