/** Draws from logits in memory against the kernel's reference in f64, which sorts and prunes nothing. */
import { describe, expect, it } from 'vitest';
import { sampleReference } from '../../gpu/kernels/sampling/sampling.reference';
import { Random } from '../../math/random';
import { forbidden } from './distribution';
import { drawToken } from './gumbel';

const DRAW = { seed: 5, stream: 9, temperature: 0.7, greedy: false, topK: 0, topP: 1 };
const T = 7;

function logitsOf(V: number, seed: number, scale: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: V }, () => scale * random.normal());
}

describe.each([1, 2, 3, 17, 101, 997])('of %i tokens', (V) => {
  it.each([
    {},
    { temperature: 3 },
    { greedy: true },
    { topK: 1 },
    { topK: 5 },
    { topP: 0.6 },
    { topP: 1e-9 },
    { topK: 7, topP: 0.8 },
    { topK: V + 1, topP: 0.999 },
    { topK: 3, topP: 0.5, greedy: true },
  ])('are the reference’s: %o', (change) => {
    const draw = { ...DRAW, ...change };
    const random = new Random(V);
    let decided = 0;
    for (let b = 0; b < 24; b++) {
      const logits = logitsOf(V, b, [0.1, 2, 30][b % 3]!);
      const t = b % T;
      const context = Array.from({ length: 2 + t }, () => random.integer(Math.min(V, 4)));
      const rules = { eos: V - 1, minResponse: 3, noRepeatNgram: b % 4 };
      const { token, margin } = sampleReference({
        ...draw,
        ...rules,
        t,
        V,
        logits,
        b,
        T,
        context,
      });
      if (margin < 1e-9) continue;
      decided++;
      const drawn = drawToken(logits, forbidden(context, t, rules), draw, b * T + t);
      expect(drawn, `row ${b}`).toBe(token);
    }
    expect(decided).toBeGreaterThan(V < 3 ? 0 : 15);
  });
});

it('stays in the vocabulary where the logits are not numbers', () => {
  const none = new Float32Array(10).fill(NaN);
  for (const change of [{}, { greedy: true }, { topK: 3, topP: 0.5 }])
    expect(drawToken(none, new Set(), { ...DRAW, ...change }, 0)).toBe(0);
});

it('of tokens that are all banned draws any', () => {
  const logits = Float32Array.of(5, 0, 0);
  const all = new Set([0, 1, 2]);
  const drawn = Array.from({ length: 60 }, (_, i) => drawToken(logits, all, DRAW, i));
  expect(new Set(drawn)).toEqual(all);
  expect(drawToken(logits, all, { ...DRAW, greedy: true }, 0)).toBe(0);
});
