/** The guidance's gradient against central differences, and what it drives towards. */
import { expect, it } from 'vitest';
import { Random } from '../../math/random';
import { logSoftmax } from './distribution';
import { guidance, preferenceOf } from './guidance';

const random = new Random(4);
const logits = Float64Array.from({ length: 12 }, () => 2 * random.normal());
const unguided = logSoftmax(Array.from({ length: 12 }, () => 2 * random.normal()));
const preference = preferenceOf([7, 2, 5], [0.31, 0.28, 0.3], 0.01);

it('prefers by the softmax of the cosines', () => {
  const weights = [0.31, 0.28, 0.3].map((cosine) => Math.exp(cosine / 0.01));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  preference.share.forEach((share, k) => expect(share).toBeCloseTo(weights[k]! / total, 9));
});

it.each([
  { clipWeight: 1, fluencyWeight: 0 },
  { clipWeight: 0, fluencyWeight: 1 },
  { clipWeight: 0.5, fluencyWeight: 0.2 },
])('has the gradient of its loss: %o', (weights) => {
  const { gradient } = guidance(logits, unguided, preference, weights);
  const step = 1e-5;
  for (let v = 0; v < logits.length; v++) {
    const lossAt = (shift: number) => {
      const moved = logits.map((value, other) => (other === v ? value + shift : value));
      return guidance(moved, unguided, preference, weights).loss;
    };
    expect(gradient[v]).toBeCloseTo((lossAt(step) - lossAt(-step)) / (2 * step), 5);
  }
});
