/** Draws against the softmax that is left, the rules, and where texts end. */
import { describe, expect, it } from 'vitest';
import { outsideTop } from '../../gpu/kernels/sampling/sampling.reference';
import { Random } from '../../math/random';
import { logpAfter, toyReader } from '../testing/toy-reader';
import { forbidden, logSoftmax } from './distribution';
import { continueEach, drawer, mostLikely } from './sample';

const LOGITS = [1.2, -0.4, 0.9, 0.9, -2, 2.1, 0, -0.1];

describe.each([
  { temperature: 1, topK: 0, topP: 1 },
  { temperature: 0.6, topK: 3, topP: 1 },
  { temperature: 1.5, topK: 0, topP: 0.7 },
  { temperature: 1, topK: 6, topP: 0.8 },
])('draws with %o', (drawing) => {
  it('fall as the distribution says that top-k and top-p leave, by the sampler’s reference', () => {
    const { outside } = outsideTop(LOGITS, drawing);
    const weights = LOGITS.map((logit, v) =>
      outside.has(v) ? 0 : Math.exp(logit / drawing.temperature),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const draw = drawer(drawing, new Random(3));
    const logp = logSoftmax(LOGITS, drawing.temperature);
    const counts = LOGITS.map(() => 0);
    const draws = 20_000;
    for (let i = 0; i < draws; i++) counts[draw(logp)]!++;
    for (const [v, weight] of weights.entries()) {
      if (weight === 0) expect(counts[v]).toBe(0);
      expect(Math.abs(counts[v]! / draws - weight / total)).toBeLessThan(0.015);
    }
  });
});

it('a run of texts repeats for a seed, and never says what the rules forbid', async () => {
  const rules = { eos: 0, minResponse: 3, noRepeatNgram: 2 };
  const contexts = Array.from({ length: 6 }, () => [1, 2]);
  const write = (seed: number) =>
    continueEach(toyReader(5, 2), contexts, {
      rules,
      temperature: 1,
      choose: drawer({ temperature: 1, topK: 0, topP: 1 }, new Random(seed)),
      maxTokens: 9,
    });
  const texts = await write(1);
  expect(await write(1)).toEqual(texts);
  expect(await write(2)).not.toEqual(texts);
  expect(new Set(texts.map(({ length }) => length)).size).toBeGreaterThan(1);
  for (const { tokens, isEnded, length, logp } of texts) {
    expect(tokens).not.toContain(rules.eos);
    expect(length).toBe(tokens.length + Number(isEnded));
    if (isEnded) expect(tokens.length).toBeGreaterThanOrEqual(rules.minResponse);
    else expect(tokens.length).toBe(9);
    const said = [1, 2, ...tokens];
    const pairs = said.slice(1).map((token, i) => `${said[i]} ${token}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    let sum = 0;
    for (const [t, token] of [...tokens, ...(isEnded ? [rules.eos] : [])].entries())
      sum += await logpAfter(toyReader(5, 2), [1, 2, ...tokens.slice(0, t)], token);
    expect(logp).toBeCloseTo(sum, 5);
  }
});

it('asks only for the texts that go on', async () => {
  const reader = toyReader(3, 5);
  const contexts = [[1], [2], [1, 1], [2, 2]];
  const rules = { eos: 0, minResponse: 0, noRepeatNgram: 0 };
  const together = await continueEach(reader, contexts, {
    rules,
    temperature: 1,
    choose: mostLikely,
    maxTokens: 30,
  });
  expect(reader.reads).toBeLessThanOrEqual(Math.max(...together.map(({ length }) => length)));
  for (const [i, context] of contexts.entries()) {
    const options = { rules, temperature: 1, choose: mostLikely, maxTokens: 30 };
    expect(await continueEach(reader, [context], options)).toEqual([together[i]]);
  }
});

it('forbids the early end and what would repeat an n-gram of context and response', () => {
  const rules = { eos: 0, minResponse: 2, noRepeatNgram: 3 };
  expect(forbidden([4, 5, 6, 4, 5], 1, rules)).toEqual(new Set([0, 6]));
  expect(forbidden([4, 5, 6, 4, 5], 2, rules)).toEqual(new Set([6]));
  expect(forbidden([4, 5], 2, { ...rules, noRepeatNgram: 1 })).toEqual(new Set([4, 5]));
  expect(forbidden([4], 2, rules)).toEqual(new Set());
});
