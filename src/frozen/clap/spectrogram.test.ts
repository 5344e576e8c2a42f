import { expect, it } from 'vitest';
import { spectrogramPixels } from './spectrogram';

/** Two frames of three bands: a low tone, then a high one 40 dB below it; else silence. */
const MEL = Float32Array.of(0, -100, -100, -100, -100, -40);

it('puts low tones at the bottom, time to the right, and the louder the lighter', () => {
  const pixels = spectrogramPixels(MEL, 2, 3);
  const light = (row: number, column: number) =>
    pixels.slice((row * 2 + column) * 4, (row * 2 + column) * 4 + 3).reduce((a, b) => a + b);
  const [silence, low, high] = [light(1, 0), light(2, 0), light(0, 1)];
  expect([light(0, 0), light(1, 1), light(2, 1)]).toEqual([silence, silence, silence]);
  expect(low).toBeGreaterThan(high);
  expect(high).toBeGreaterThan(silence);
  expect(pixels.filter((_, i) => i % 4 === 3)).toEqual(new Uint8ClampedArray(6).fill(255));
});

it('shows a sound of one level in one colour', () => {
  const pixels = spectrogramPixels(new Float32Array(4).fill(-100), 2, 2);
  expect(
    new Set(Array.from({ length: 4 }, (_, i) => pixels.slice(i * 4, i * 4 + 4).join())),
  ).toHaveLength(1);
});
