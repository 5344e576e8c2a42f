import { expect, it } from 'vitest';
import { clipScore, cosineOf, refClipScore } from './clip-score';

it('weighs the cosine by 2.5 and gives a negative one nothing', () => {
  expect(clipScore(0.3)).toBeCloseTo(0.75, 12);
  expect(clipScore(-0.2)).toBe(0);
});

it('takes the harmonic mean with the best reference', () => {
  // 2 · 0.75 · 0.6 / 1.35
  expect(refClipScore(0.3, [0.2, 0.6, -0.4])).toBeCloseTo(2 / 3, 12);
  expect(refClipScore(0.3, [-0.1])).toBe(0);
  expect(refClipScore(-0.3, [0.9])).toBe(0);
});

it('takes cosines of embeddings of any length', () => {
  expect(cosineOf([3, 4], [30, 40])).toBeCloseTo(1, 12);
  expect(cosineOf([1, 0], [0, 2])).toBe(0);
  expect(cosineOf([1, 1], [-2, 0])).toBeCloseTo(-Math.SQRT1_2, 12);
  expect(cosineOf([0, 0], [1, 2])).toBe(0);
});
