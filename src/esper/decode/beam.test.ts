/** Beam search against every text that there is. */
import { describe, expect, it } from 'vitest';
import { logpAfter, toyReader } from '../testing/toy-reader';
import { beamScore, beamSearch } from './beam';
import { continueEach, mostLikely } from './sample';
import type { Written } from './written';
import type { Reader } from './reader';

const EOS = 0;
const V = 4;
const CONTEXT = [1, 2];

/** Every text of at most `maxTokens`, with its likelihood. */
async function everyText(reader: Reader, maxTokens: number, minResponse: number) {
  const texts: Written[] = [];
  const visit = async (tokens: number[], logp: number): Promise<void> => {
    if (tokens.length === maxTokens) {
      texts.push({ tokens, logp, length: tokens.length, isEnded: false });
      return;
    }
    for (let token = 0; token < V; token++) {
      const sum = logp + (await logpAfter(reader, [...CONTEXT, ...tokens], token));
      if (token !== EOS) await visit([...tokens, token], sum);
      else if (tokens.length >= minResponse)
        texts.push({ tokens, logp: sum, length: tokens.length + 1, isEnded: true });
    }
  };
  await visit([], 0);
  return texts;
}

const rules = { eos: EOS, minResponse: 1, noRepeatNgram: 0 };

describe.each([0, 0.6, 1, 2])('with length penalty %f', (lengthPenalty) => {
  it.each([1, 2, 3, 4, 5])(
    'beams wide enough find the best of all texts (model %i)',
    async (seed) => {
      const reader = toyReader(V, seed);
      const maxTokens = 4;
      const all = (await everyText(reader, maxTokens, rules.minResponse)).toSorted(
        (a, b) => beamScore(b, lengthPenalty) - beamScore(a, lengthPenalty),
      );
      const options = { rules, beams: V ** maxTokens, lengthPenalty, maxTokens };
      const found = await beamSearch(reader, CONTEXT, options);
      expect(found.length).toBe(all.length);
      for (const [i, { tokens, logp, isEnded }] of found.entries()) {
        expect(tokens).toEqual(all[i]!.tokens);
        expect(isEnded).toBe(all[i]!.isEnded);
        expect(logp).toBeCloseTo(all[i]!.logp, 5);
      }
      // A narrow search stops early, and what it finds is one of all, never better than the best.
      const narrow = await beamSearch(reader, CONTEXT, { ...options, beams: 3 });
      expect(narrow.length).toBe(3);
      for (const { tokens, logp, isEnded } of narrow) {
        const same = all.find(
          (text) => text.isEnded === isEnded && `${text.tokens}` === `${tokens}`,
        );
        expect(logp).toBeCloseTo(same!.logp, 5);
      }
      const best = (texts: readonly Written[]) => beamScore(texts[0]!, lengthPenalty);
      expect(best(narrow)).toBeLessThanOrEqual(best(found) + 1e-9);
    },
  );
});

it('one beam of unpunished length begins as greedy decoding does', async () => {
  const reader = toyReader(6, 9);
  const [beam] = await beamSearch(reader, CONTEXT, {
    rules: { ...rules, minResponse: 5 },
    beams: 1,
    lengthPenalty: 0,
    maxTokens: 5,
  });
  const [greedy] = await continueEach(reader, [CONTEXT], {
    rules: { ...rules, minResponse: 5 },
    temperature: 1,
    choose: mostLikely,
    maxTokens: 5,
  });
  expect(beam!.tokens).toEqual(greedy!.tokens);
  expect(beam!.logp).toBeCloseTo(greedy!.logp, 9);
});

it('stops when it is told to', async () => {
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  const options = { rules, beams: 2, lengthPenalty: 1, maxTokens: 4, signal: stop.signal };
  await expect(beamSearch(toyReader(V, 1), CONTEXT, options)).rejects.toThrow('enough');
});
