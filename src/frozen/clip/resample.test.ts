import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import golden from '../../../models/reference/golden/preprocess.json';
import { middleSquare } from './resample';

/** `hashed` of models/reference/preprocess.py, with a fourth channel that must not matter. */
const value = (x: number, y: number, c: number) =>
  c === 3 ? 99 : (x * x * 7 + y * 13 + x * y * 3 + c * 83) % 256;

/** The part of an endless picture. */
function part(left: number, top: number, width: number, height: number): Uint8ClampedArray {
  const bytes = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < bytes.length; i++) {
    const pixel = i >> 2;
    bytes[i] = value(left + (pixel % width), top + Math.floor(pixel / width), i & 3);
  }
  return bytes;
}

describe('the middle square', () => {
  it.each(golden.resampled)(
    'is PIL’s, bit for bit: $width × $height → $side',
    ({ width, height, side, pixels }) => {
      const expected = inflateSync(Buffer.from(pixels, 'base64'));
      const found = middleSquare(width, height, side, part);
      expect(Buffer.from(found).equals(expected)).toBe(true);
    },
  );

  it('reads a large picture in strips, each row once, and only what the square needs', () => {
    const read: { width: number; top: number; height: number }[] = [];
    middleSquare(5000, 2500, 8, (left, top, width, height) => {
      read.push({ width, top, height });
      expect(left).toBeGreaterThan(0);
      return new Uint8ClampedArray(width * height * 4);
    });
    expect(read.length).toBeGreaterThan(1);
    let next = 0;
    for (const { width, top, height } of read) {
      expect(top).toBe(next);
      expect(width).toBeLessThan(5000);
      expect(width * height).toBeLessThanOrEqual(1 << 20);
      next = top + height;
    }
    expect(next).toBe(2500);
  });
});
