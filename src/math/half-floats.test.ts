import { describe, expect, it } from 'vitest';
import { bfloat16ToFloat32, float16ToFloat32, float32ToFloat16 } from './half-floats';

describe('16-bit floats', () => {
  it('reads binary16: normal, subnormal, largest, zeros, infinities and NaN', () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x03ff, 0x7bff, 0x0000, 0x8000, 0x7c00);
    const expected = [1, -2, 2 ** -24, (1023 / 1024) * 2 ** -14, 65504, 0, -0, Infinity];
    expect([...float16ToFloat32(halves)]).toEqual(expected);
    expect(float16ToFloat32(Uint16Array.of(0x7e00))[0]).toBeNaN();
  });

  it('rounds to the nearest half, ties to even, and gives every half back as it was', () => {
    const half = 2 ** -11; // half a step at 1
    const values = Float32Array.of(1 + half, 1 + 3 * half, 1 + half + 2 ** -20, 65519, 65520, -1e9);
    const expected = [1, 1 + 4 * half, 1 + 2 * half, 65504, Infinity, -Infinity];
    expect([...float16ToFloat32(float32ToFloat16(values))]).toEqual(expected);
    const finite = Uint16Array.from({ length: 1 << 16 }, (_, bits) => bits).filter(
      (bits) => (bits & 0x7c00) !== 0x7c00,
    );
    expect(float32ToFloat16(float16ToFloat32(finite))).toEqual(finite);
  });

  it('reads bfloat16 as the upper half of an f32', () => {
    const halves = Uint16Array.of(0x3f80, 0xc040, 0x0000, 0xff80);
    expect([...bfloat16ToFloat32(halves)]).toEqual([1, -3, 0, -Infinity]);
  });
});
