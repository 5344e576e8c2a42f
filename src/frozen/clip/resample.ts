/**
 * CLIP's official resizing, bit for bit: torchvision's Resize(side, BICUBIC) and CenterCrop(side) on PIL
 * pictures. PIL widens the cubic (a = −1/2) to the source's scale where it shrinks, and rounds to 8 bits
 * after the horizontal and after the vertical pass. Own code because no canvas quality, and none of
 * pica's filters (box, hamming, lanczos, mks2013), computes that.
 *
 * Only what ends in the square is computed, and the source is read in strips of rows, so that a picture
 * of 100 megapixels takes a few megabytes here. Source of the rules: Pillow, src/libImaging/Resample.c;
 * torchvision, transforms/functional.py (`resize`, `center_crop`).
 */

/** Reads a part of the source as opaque RGBA bytes [height, width, 4]. */
export type ReadPart = (
  left: number,
  top: number,
  width: number,
  height: number,
) => Uint8ClampedArray;

/** Fixed point as in PIL: weights have 22 bits behind the point. */
const WEIGHT_BITS = 22;
const HALF = 1 << (WEIGHT_BITS - 1);
/** Half the width of the cubic, in source pixels at scale 1. */
const SUPPORT = 2;
/** Pixels that are read at once at most, unless a single row has more. */
const STRIP_PIXELS = 1 << 20;

/** One axis of the square: which source pixels each of its places is made of. */
interface Axis {
  /** Source pixels that are needed: `count` from `first` on. */
  first: number;
  count: number;
  /** Of place i: weights[i · taps + k] weighs source pixel first + starts[i] + k. */
  starts: Int32Array;
  taps: number;
  weights: Int32Array;
}

/** @returns RGB bytes [side, side, 3] */
export function middleSquare(
  width: number,
  height: number,
  side: number,
  read: ReadPart,
): Uint8ClampedArray {
  const short = Math.min(width, height);
  const across = axis(width, Math.trunc((side * width) / short), side);
  const down = axis(height, Math.trunc((side * height) / short), side);
  const narrow = new Uint8ClampedArray(down.count * side * 3);
  const rows = Math.max(1, Math.floor(STRIP_PIXELS / across.count));
  for (let row = 0; row < down.count; row += rows) {
    const count = Math.min(rows, down.count - row);
    const strip = read(across.first, down.first + row, across.count, count);
    shrinkRows(strip, across, count, side, narrow.subarray(row * side * 3));
  }
  return shrinkColumns(narrow, down, side);
}

/** @param from source pixels; @param to pixels of the whole resized picture; @param side of its middle */
function axis(from: number, to: number, side: number): Axis {
  const scale = from / to;
  const widening = Math.max(scale, 1);
  const reach = SUPPORT * widening;
  const taps = 2 * Math.ceil(reach) + 1;
  const starts = new Int32Array(side);
  const weights = new Int32Array(side * taps);
  const cut = halfToEven((to - side) / 2);
  let first = from;
  let end = 0;
  for (let i = 0; i < side; i++) {
    const centre = (cut + i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const stop = Math.min(from, Math.trunc(centre + reach + 0.5));
    const exact = Array.from({ length: stop - start }, (_, k) =>
      cubic((start + k - centre + 0.5) / widening),
    );
    const sum = exact.reduce((total, weight) => total + weight, 0);
    exact.forEach((weight, k) => {
      const fixed = (weight / sum) * (1 << WEIGHT_BITS);
      weights[i * taps + k] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    });
    starts[i] = start;
    first = Math.min(first, start);
    end = Math.max(end, stop);
  }
  return { first, count: end - first, starts: starts.map((start) => start - first), taps, weights };
}

/** Keys' cubic convolution with a = −1/2. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return -0.5 * (((x - 5) * x + 8) * x - 4);
  return 0;
}

/** As Python rounds; `value` is a multiple of a half. */
const halfToEven = (value: number): number => {
  const below = Math.floor(value);
  if (value === below) return value;
  return below % 2 === 0 ? below : below + 1;
};

/** [rows, count, 4] → [rows, side, 3] */
function shrinkRows(
  source: Uint8ClampedArray,
  { count, starts, taps, weights }: Axis,
  rows: number,
  side: number,
  out: Uint8ClampedArray,
): void {
  for (let row = 0, at = 0; row < rows; row++)
    for (let i = 0; i < side; i++, at += 3) {
      const start = starts[i]!;
      // Beyond the picture's edge all weights are 0.
      const length = Math.min(taps, count - start);
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let k = 0, pixel = (row * count + start) * 4; k < length; k++, pixel += 4) {
        const weight = weights[i * taps + k]!;
        red = (red + source[pixel]! * weight) | 0;
        green = (green + source[pixel + 1]! * weight) | 0;
        blue = (blue + source[pixel + 2]! * weight) | 0;
      }
      // The clamped array limits them to 0…255.
      out[at] = red >> WEIGHT_BITS;
      out[at + 1] = green >> WEIGHT_BITS;
      out[at + 2] = blue >> WEIGHT_BITS;
    }
}

/** [count, side, 3] → [side, side, 3] */
function shrinkColumns(
  source: Uint8ClampedArray,
  { count, starts, taps, weights }: Axis,
  side: number,
): Uint8ClampedArray {
  const width = side * 3;
  const out = new Uint8ClampedArray(side * width);
  const sums = new Int32Array(width);
  for (let i = 0; i < side; i++) {
    sums.fill(HALF);
    const start = starts[i]!;
    const length = Math.min(taps, count - start);
    for (let k = 0; k < length; k++) {
      const weight = weights[i * taps + k]!;
      if (weight === 0) continue;
      const from = (start + k) * width;
      for (let x = 0; x < width; x++) sums[x] = sums[x]! + source[from + x]! * weight;
    }
    for (let x = 0; x < width; x++) out[i * width + x] = sums[x]! >> WEIGHT_BITS;
  }
  return out;
}
