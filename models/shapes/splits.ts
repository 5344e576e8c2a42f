/**
 * The sets of scenes that the shapes world is trained and measured on. A scene is a pure function of
 * (split, index), so Node (texts) and the page (pictures) agree without passing scenes about.
 */
import { Random } from '../../src/math/random';
import { sampleScene, type Scene, type SceneOptions } from '../../src/worlds/shapes/scene';

interface Split {
  seed: number;
  count: number;
  options: SceneOptions;
}

export const SPLITS = {
  /** CLIP's pictures and texts: all pairs, as a CLIP of the wild has seen all. */
  clip: { seed: 11, count: 40_000, options: { heldOut: 'any', twoObjectShare: 0.3 } },
  /** What a projector may train on. */
  train: { seed: 12, count: 4_000, options: { heldOut: 'exclude', twoObjectShare: 0.2 } },
  /** Held-out pairs only; no picture of it is in the other two. */
  eval: { seed: 13, count: 2_000, options: { heldOut: 'only', twoObjectShare: 0.2 } },
} as const satisfies Record<string, Split>;

export type SplitName = keyof typeof SPLITS;

export function isSplitName(name: string): name is SplitName {
  return name in SPLITS;
}

/** The scene, and the generator that its picture goes on with. */
export function sceneAt(name: SplitName, index: number): { scene: Scene; random: Random } {
  const { seed, options } = SPLITS[name];
  const random = new Random(seed, index);
  return { scene: sampleScene(random, options), random };
}
