import { describe, expect, it } from 'vitest';
import { Random, threefry2x32, threefryWords } from './random';

describe('threefry2x32', () => {
  // Known answers of Random123's kat_vectors, threefry2x32 with 20 rounds.
  it.each([
    [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
  ])('key %i %i, counter %i %i', (k0, k1, c0, c1, x0, x1) => {
    expect(threefry2x32(k0, k1, c0, c1)).toEqual([x0, x1]);
  });

  it('has the same first words unrolled', () => {
    const random = new Random(4);
    const words = new Int32Array(100);
    for (const edge of [0, 0x7fffffff, 0x80000000, 0xffffffff, undefined, undefined, undefined]) {
      const [k0, k1, c0] = [edge ?? random.bits(), edge ?? random.bits(), edge ?? random.bits()];
      threefryWords(k0, k1, c0, words);
      const expected = Array.from(words, (_, v) => threefry2x32(k0, k1, c0, v)[0]);
      expect([...new Uint32Array(words.buffer)]).toEqual(expected);
    }
  });
});

describe('Random', () => {
  it('repeats for a seed and differs between seeds and streams', () => {
    const draw = (seed: number, stream = 0) =>
      Array.from(
        { length: 4 },
        (
          (r) => () =>
            r.bits()
        )(new Random(seed, stream)),
      );
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7)).not.toEqual(draw(7, 1));
  });

  it('has the moments of a standard normal', () => {
    const random = new Random(3);
    const values = Array.from({ length: 20_000 }, () => random.normal());
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  it('shuffles without losing an element', () => {
    expect(new Random(1).shuffle([1, 2, 3, 4, 5]).toSorted()).toEqual([1, 2, 3, 4, 5]);
  });
});
