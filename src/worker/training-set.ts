/** CLIP features of the training pictures, computed once each and kept over resets. */
import type { Clip } from '../frozen/clip/clip';
import { trainingPicture } from './world';

export class TrainingSet {
  readonly #clip: Clip;
  readonly #rows: Float32Array[] = [];

  constructor(clip: Clip) {
    this.#clip = clip;
  }

  /** Raw features [last − first, E] of the pictures from `first` up to `last`. */
  async compute(first: number, last: number): Promise<Float32Array> {
    const missing: number[] = [];
    for (let index = first; index < last; index++) if (!this.#rows[index]) missing.push(index);
    if (missing.length > 0) {
      const pictures = missing.map((index) => trainingPicture(index).canvas);
      const features = await this.#clip.imageFeatures(pictures);
      const E = features.length / missing.length;
      missing.forEach((index, i) => {
        this.#rows[index] = features.slice(i * E, (i + 1) * E);
      });
    }
    return concatenate(this.#rows.slice(first, last));
  }

  /** What is there of the first `count` pictures, without a gap: [≤ count, E]. */
  features(count: number): Float32Array {
    const gap = this.#rows.findIndex((row) => !row);
    return concatenate(this.#rows.slice(0, gap < 0 ? count : Math.min(gap, count)));
  }
}

function concatenate(rows: readonly Float32Array[]): Float32Array {
  const E = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * E);
  rows.forEach((row, i) => all.set(row, i * E));
  return all;
}
