import { expect, it } from 'vitest';
import { Random } from '../../math/random';
import { cloudOf, pseudoImages } from './pseudo-image';

const E = 24;

/** Vectors of one length round a direction. */
function cloud(count: number, seed: number, length: number, towards: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count * E }, (_, i) =>
    i % E === towards ? length * 0.9 : (length * 0.4 * random.normal()) / Math.sqrt(E),
  );
}

it('knows the mean direction and length, unused rows left out', () => {
  const features = Float32Array.of(3, 4, 0, 0, 0, 10);
  expect(cloudOf(features, 2)).toEqual({ mean: Float64Array.of(0.3, 0.9), length: 7.5 });
});

it('lies where the pictures lie, and as far from the origin', () => {
  const [texts, pictures] = [cloud(500, 1, 2, 3), cloud(500, 2, 11, 7)];
  const [from, to] = [cloudOf(texts, E), cloudOf(pictures, E)];
  const moved = cloudOf(pseudoImages(texts, from, to, 0, new Random(3)), E);
  expect(moved.length).toBeCloseTo(to.length, 5);
  for (let e = 0; e < E; e++) expect(moved.mean[e]).toBeCloseTo(to.mean[e]!, 1);
  expect(moved.mean[7]).toBeGreaterThan(0.8);
});

it('has the noise that is asked for, the same for the same random numbers', () => {
  const texts = cloud(200, 1, 2, 3);
  const from = cloudOf(texts, E);
  const at = (variance: number, seed = 4) =>
    pseudoImages(texts, from, from, variance, new Random(seed));
  const distance = (a: Float32Array, b: Float32Array) =>
    Math.hypot(...a.map((value, i) => value - b[i]!)) / Math.sqrt(200);
  expect(at(0.016)).toEqual(at(0.016));
  const near = distance(at(0.001), at(0));
  expect(near / from.length).toBeCloseTo(Math.sqrt(0.001 * E), 1);
  expect(distance(at(0.016), at(0))).toBeGreaterThan(2 * near);
});
