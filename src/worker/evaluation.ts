/** Greedy captions of what is held out: their cosine and, of a world's, how many attributes they name right. */
import type { Caption } from '../esper/captioner';
import { batchSize } from '../esper/config';
import type { Trainer } from '../esper/trainer';
import type { Encoder } from '../frozen/encoder';
import type { PhotoEvaluation, SceneEvaluation } from './protocol';
import type { World, WorldItem } from './world';

const SCENES = 128;

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Attribute → share of the items whose caption names it right, 0 to 1. */
export function attributeShares(
  items: readonly Pick<WorldItem, 'namedRight'>[],
  captions: readonly Pick<Caption, 'text'>[],
): SceneEvaluation['shares'] {
  const named = items.map((item, i) => item.namedRight(captions[i]!.text));
  return Object.fromEntries(
    Object.keys(named[0] ?? {}).map((attribute) => [
      attribute,
      mean(named.map((right) => Number(right[attribute]))),
    ]),
  );
}

/** Holds the world's held-out items with their features, drawn and looked at once. */
export class Evaluator {
  readonly #items: readonly WorldItem[];
  readonly #features: Float32Array;
  readonly #trueCosine: number;

  static async create(clip: Encoder, world: World, trainer: Trainer): Promise<Evaluator> {
    const items = world.evaluation(SCENES);
    const features = await clip.features(items.map(({ input }) => input));
    const truths = items.map(({ truth }) => truth);
    const trueCosine = mean(await trainer.cosines(features, truths));
    return new Evaluator(items, features, trueCosine);
  }

  private constructor(items: readonly WorldItem[], features: Float32Array, trueCosine: number) {
    this.#items = items;
    this.#features = features;
    this.#trueCosine = trueCosine;
  }

  async evaluate(trainer: Trainer): Promise<SceneEvaluation> {
    const captions = await trainer.caption(this.#features);
    return {
      of: 'scenes',
      update: trainer.update,
      episodes: trainer.update * batchSize(trainer.config),
      pictures: this.#items.length,
      shares: attributeShares(this.#items, captions),
      cosine: mean(captions.map(({ cosine }) => cosine)),
      trueCosine: this.#trueCosine,
    };
  }
}

/** @param features [n, E] of photos that are never trained on, n > 0 */
export async function evaluatePhotos(
  trainer: Trainer,
  features: Float32Array,
): Promise<PhotoEvaluation> {
  const captions = await trainer.caption(features);
  return {
    of: 'photos',
    update: trainer.update,
    episodes: trainer.update * batchSize(trainer.config),
    pictures: captions.length,
    cosine: mean(captions.map(({ cosine }) => cosine)),
  };
}
