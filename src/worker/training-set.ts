/** Features of a world's training items, computed once each and kept over resets. */
import type { Encoder } from '../frozen/encoder';
import type { World } from './world';

export class TrainingSet {
  readonly #clip: Encoder;
  readonly #world: World;
  readonly #rows: Float32Array[] = [];

  constructor(clip: Encoder, world: World) {
    this.#clip = clip;
    this.#world = world;
  }

  /** Raw features [last − first, E] of the items from `first` up to `last`. */
  async compute(first: number, last: number): Promise<Float32Array> {
    const missing: number[] = [];
    for (let index = first; index < last; index++) if (!this.#rows[index]) missing.push(index);
    if (missing.length > 0) {
      const inputs = missing.map((index) => this.#world.training(index).input);
      const features = await this.#clip.features(inputs);
      const E = features.length / missing.length;
      missing.forEach((index, i) => {
        this.#rows[index] = features.slice(i * E, (i + 1) * E);
      });
    }
    return concatenate(this.#rows.slice(first, last));
  }

  /** What is there of the first `count` items, without a gap: [≤ count, E]. */
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
