/** The sets of scenes that the shapes world is trained and measured on. */
import { sampleScene, type SceneOptions } from '../../src/worlds/shapes/scene';
import { sceneOf, type Split } from '../worlds/splits';

export const SPLITS = {
  /** CLIP's pictures and texts: all pairs, as a CLIP of the wild has seen all. */
  clip: { seed: 11, count: 40_000, options: { heldOut: 'any', twoObjectShare: 0.3 } },
  /** What a projector may train on. */
  train: { seed: 12, count: 4_000, options: { heldOut: 'exclude', twoObjectShare: 0.2 } },
  /** Held-out pairs only; no picture of it is in the other two. */
  eval: { seed: 13, count: 2_000, options: { heldOut: 'only', twoObjectShare: 0.2 } },
} as const satisfies Record<string, Split<SceneOptions>>;

export type SplitName = keyof typeof SPLITS;

export const isSplitName = (name: string): name is SplitName => name in SPLITS;

export const sceneAt = (name: SplitName, index: number) =>
  sceneOf(SPLITS[name], index, sampleScene);
