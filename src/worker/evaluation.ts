/** Greedy captions of what is held out: their cosine and, of scenes, how many attributes they name right. */
import type { Caption } from '../esper/captioner';
import { batchSize } from '../esper/config';
import type { Trainer } from '../esper/trainer';
import type { Clip } from '../frozen/clip/clip';
import { attributesNamed } from '../worlds/shapes/attributes';
import type { Scene } from '../worlds/shapes/scene';
import type { PhotoEvaluation, SceneEvaluation } from './protocol';
import { evaluationPictures } from './world';

const SCENES = 128;

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Shares of attributes named right, 0 to 1, of the attributes that the scenes have. */
export function attributeShares(
  scenes: readonly Scene[],
  captions: readonly Pick<Caption, 'text'>[],
): Pick<SceneEvaluation, 'color' | 'shape' | 'size' | 'place'> {
  const judged = scenes.flatMap((scene, i) => attributesNamed(scene, captions[i]!.text));
  const share = (attribute: string) =>
    mean(judged.filter((named) => named.attribute === attribute).map(({ right }) => Number(right)));
  return {
    color: share('colour'),
    shape: share('shape'),
    size: share('size'),
    place: share('place'),
  };
}

/** Holds the held-out scenes with their features, drawn and looked at once. */
export class Evaluator {
  readonly #scenes: readonly Scene[];
  readonly #features: Float32Array;
  readonly #trueCosine: number;

  static async create(clip: Clip, trainer: Trainer): Promise<Evaluator> {
    const pictures = evaluationPictures(SCENES);
    const features = await clip.imageFeatures(pictures.map(({ canvas }) => canvas));
    const truths = pictures.map(({ truth }) => truth);
    const trueCosine = mean(await trainer.cosines(features, truths));
    const scenes = pictures.map(({ scene }) => scene);
    return new Evaluator(scenes, features, trueCosine);
  }

  private constructor(scenes: readonly Scene[], features: Float32Array, trueCosine: number) {
    this.#scenes = scenes;
    this.#features = features;
    this.#trueCosine = trueCosine;
  }

  async evaluate(trainer: Trainer): Promise<SceneEvaluation> {
    const captions = await trainer.caption(this.#features);
    return {
      of: 'scenes',
      update: trainer.update,
      episodes: trainer.update * batchSize(trainer.config),
      pictures: this.#scenes.length,
      ...attributeShares(this.#scenes, captions),
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
