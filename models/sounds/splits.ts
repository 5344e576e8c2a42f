/** The sets of scenes that the sounds world is trained and measured on. */
import { sampleScene, type SceneOptions } from '../../src/worlds/sounds/scene';
import { sceneOf, type Split } from '../worlds/splits';

export const SPLITS = {
  /** CLAP's sounds and texts: all pairs, as a CLAP of the wild has heard all. */
  clap: { seed: 11, count: 12_000, options: { heldOut: 'any' } },
  /** What a projector may train on. */
  train: { seed: 12, count: 2_048, options: { heldOut: 'exclude' } },
  /** Held-out pairs only; no sound of it is in the other two. */
  eval: { seed: 13, count: 1_000, options: { heldOut: 'only' } },
} as const satisfies Record<string, Split<SceneOptions>>;

export type SplitName = keyof typeof SPLITS;

export const isSplitName = (name: string): name is SplitName => name in SPLITS;

export const sceneAt = (name: SplitName, index: number) =>
  sceneOf(SPLITS[name], index, sampleScene);
