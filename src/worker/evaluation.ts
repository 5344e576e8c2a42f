/** Greedy captions of held-out scenes, and how many of their attributes they name right. */
import type { Caption } from '../esper/captioner';
import { attributesNamed } from '../worlds/shapes/attributes';
import type { Evaluation } from './protocol';
import type { WorldPicture } from './world';

export function evaluate(
  pictures: readonly WorldPicture[],
  captions: readonly Caption[],
  trueCosines: readonly number[],
  update: number,
  episodes: number,
): Evaluation {
  const judged = pictures.flatMap(({ scene }, i) => attributesNamed(scene, captions[i]!.text));
  const share = (attribute: string) => {
    const of = judged.filter((named) => named.attribute === attribute);
    return of.filter((named) => named.right).length / of.length;
  };
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    update,
    episodes,
    scenes: pictures.length,
    color: share('colour'),
    shape: share('shape'),
    size: share('size'),
    place: share('place'),
    cosine: mean(captions.map(({ cosine }) => cosine)),
    trueCosine: mean(trueCosines),
  };
}
