/**
 * The sets of scenes that a world is trained and measured on. A scene is a pure function of
 * (split, index), so the script of the texts and that of the pictures or sounds agree without passing
 * scenes about.
 */
import { Random } from '../../src/math/random';

export interface Split<Options> {
  seed: number;
  count: number;
  options: Options;
}

/** The scene, and the generator that its picture or sound goes on with. */
export function sceneOf<Scene, Options>(
  { seed, options }: Split<Options>,
  index: number,
  sampleScene: (random: Random, options: Options) => Scene,
): { scene: Scene; random: Random } {
  const random = new Random(seed, index);
  return { scene: sampleScene(random, options), random };
}

/** The splits as corpus.ts takes them. */
export function scenesOf<Scene, Options>(
  splits: Readonly<Record<string, Split<Options>>>,
  sampleScene: (random: Random, options: Options) => Scene,
): Record<string, { seed: number; count: number; sceneAt(index: number): Scene }> {
  return Object.fromEntries(
    Object.entries(splits).map(([name, split]) => [
      name,
      {
        seed: split.seed,
        count: split.count,
        sceneAt: (index: number) => sceneOf(split, index, sampleScene).scene,
      },
    ]),
  );
}
