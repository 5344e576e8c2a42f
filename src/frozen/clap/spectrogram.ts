/** A log-mel spectrogram as pixels: time to the right, low tones at the bottom, the louder the lighter. */

/** What is this far below the loudest is black. */
const RANGE_DB = 80;
/** From silence to the loudest, evenly spaced. */
const COLOURS = [
  [10, 12, 20],
  [34, 28, 84],
  [118, 36, 116],
  [206, 66, 84],
  [250, 146, 66],
  [254, 240, 190],
] as const;

/**
 * @param mel decibels [frames, mels], row-major
 * @returns RGBA bytes [mels, frames, 4]
 */
export function spectrogramPixels(
  mel: Float32Array,
  frames: number,
  mels: number,
): Uint8ClampedArray<ArrayBuffer> {
  const loudest = mel.reduce((most, value) => Math.max(most, value), -Infinity);
  const pixels = new Uint8ClampedArray(mels * frames * 4);
  for (let frame = 0; frame < frames; frame++)
    for (let band = 0; band < mels; band++) {
      const level = 1 + (mel[frame * mels + band]! - loudest) / RANGE_DB;
      const at = ((mels - 1 - band) * frames + frame) * 4;
      pixels.set(colourOf(Math.max(0, level)), at);
      pixels[at + 3] = 255;
    }
  return pixels;
}

/** @param level 0 to 1 */
function colourOf(level: number): number[] {
  const place = level * (COLOURS.length - 1);
  const below = Math.min(Math.floor(place), COLOURS.length - 2);
  const [low, high] = [COLOURS[below]!, COLOURS[below + 1]!];
  return low.map((value, i) => value + (place - below) * (high[i]! - value));
}
