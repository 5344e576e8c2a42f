/** Steps on keys and values against their definition, group by group. */
import { expect, it } from 'vitest';
import { Random } from '../../math/random';
import { shifted } from './shift';

const [T, N, D] = [3, 2, 5];
const random = new Random(8);
const normals = () => Float32Array.from({ length: T * N * 2 * D }, () => random.normal());
const values = normals();
const gradient = normals();

/** Elements of the keys (0) or values (1) of a layer, at all positions. */
const groupOf = (all: Float32Array, layer: number, which: number): number[] =>
  Array.from({ length: T }, (_, t) => {
    const at = ((t * N + layer) * 2 + which) * D;
    return [...all.subarray(at, at + D)];
  }).flat();

it.each([0, 0.9, 1])(
  'moves each layer’s keys and values against the gradient, power %f',
  (normPower) => {
    const moved = shifted(values, gradient, { N, D }, { stepSize: 0.3, normPower });
    for (const layer of [0, 1])
      for (const which of [0, 1]) {
        const slope = groupOf(gradient, layer, which);
        const before = groupOf(values, layer, which);
        const after = groupOf(moved, layer, which);
        const norm = Math.hypot(...slope);
        const way = Math.hypot(...after.map((value, i) => value - before[i]!));
        expect(way).toBeCloseTo(0.3 * norm ** (1 - normPower), 5);
        after.forEach((value, i) =>
          expect(value).toBeCloseTo(before[i]! - (0.3 * slope[i]!) / norm ** normPower, 5),
        );
      }
  },
);

it('stays where there is no slope', () => {
  const flat = new Float32Array(values.length);
  expect(shifted(values, flat, { N, D }, { stepSize: 1, normPower: 1 })).toEqual(values);
});
