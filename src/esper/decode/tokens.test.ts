/** Likelihoods of given texts are sums over their tokens. */
import { expect, it } from 'vitest';
import { logpAfter, toyReader } from '../testing/toy-reader';
import { likelihoodOf, tokensOf } from './tokens';

const reader = toyReader(7, 3);
const context = [1, 2, 3];

it.each([[[4]], [[4, 5]], [[6, 0, 1, 1, 2]]])('sums the tokens of %o', async (tokens) => {
  let sum = 0;
  for (const [t, token] of tokens.entries())
    sum += await logpAfter(reader, [...context, ...tokens.slice(0, t)], token);
  const { logp, perToken } = await likelihoodOf(reader, context, tokens);
  expect(logp).toBeCloseTo(sum, 5);
  expect(perToken).toBeCloseTo(sum / tokens.length, 5);
});

it('gives each token its probability among the most likely ones', async () => {
  const tokens = [4, 0, 6];
  const view = await tokensOf(reader, context, tokens, 3);
  expect(view.map(({ token }) => token)).toEqual(tokens);
  for (const [t, { probability, options }] of view.entries()) {
    const before = [...context, ...tokens.slice(0, t)];
    expect(probability).toBeCloseTo(Math.exp(await logpAfter(reader, before, tokens[t]!)), 6);
    const all = await Promise.all(
      Array.from({ length: 7 }, async (_, v) => Math.exp(await logpAfter(reader, before, v))),
    );
    const best = all.toSorted((a, b) => b - a).slice(0, 3);
    options.forEach((option, i) => {
      expect(option.probability).toBeCloseTo(best[i]!, 6);
      expect(option.probability).toBeCloseTo(all[option.token]!, 6);
    });
    expect(options).toHaveLength(3);
  }
});

it('says nothing of a text without tokens', async () => {
  expect(await likelihoodOf(reader, context, [])).toEqual({ logp: 0, perToken: 0 });
  expect(await tokensOf(reader, context, [], 3)).toEqual([]);
});
