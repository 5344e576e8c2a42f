/**
 * What stands for a picture while the projector learns from texts alone: the text's own CLIP feature, moved
 * from where CLIP's texts lie to where its pictures lie, with noise, so that real pictures will be read
 * as well (CapDec, arXiv 2211.00575, adds the noise; the move of the means is that of C3, arXiv 2401.08567).
 * Features are as the projector's first layer reads them. Letters: n texts, E width.
 */
import type { Random } from '../../math/random';

/** Of unit vectors: their mean [E]; and the mean length that they had. */
export interface Cloud {
  mean: Float64Array;
  length: number;
}

/** @param features [n, E]; rows of zeros are left out */
export function cloudOf(features: Float32Array, E: number): Cloud {
  const mean = new Float64Array(E);
  let lengths = 0;
  let count = 0;
  for (let start = 0; start < features.length; start += E) {
    const row = features.subarray(start, start + E);
    const length = Math.hypot(...row);
    if (length === 0) continue;
    count++;
    lengths += length;
    for (let e = 0; e < E; e++) mean[e]! += row[e]! / length;
  }
  return {
    mean: mean.map((sum) => sum / Math.max(count, 1)),
    length: lengths / Math.max(count, 1),
  };
}

/**
 * @param texts features [n, E]
 * @param variance of the noise in each component of a unit vector
 * @returns [n, E], each as long as pictures are on average
 */
export function pseudoImages(
  texts: Float32Array,
  from: Cloud,
  to: Cloud,
  variance: number,
  random: Random,
): Float32Array<ArrayBuffer> {
  const E = from.mean.length;
  const out = new Float32Array(texts.length);
  const deviation = Math.sqrt(variance);
  for (let start = 0; start < texts.length; start += E) {
    const row = texts.subarray(start, start + E);
    const length = Math.hypot(...row) || 1;
    const moved = Array.from(
      row,
      (value, e) => value / length - from.mean[e]! + to.mean[e]! + deviation * random.normal(),
    );
    const scale = to.length / (Math.hypot(...moved) || 1);
    out.set(
      moved.map((value) => value * scale),
      start,
    );
  }
  return out;
}
