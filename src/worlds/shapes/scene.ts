/**
 * A scene of the shapes world: one object at a place, or two objects and how they lie to each other.
 * A sixth of the colour-shape pairs is held out, so that the page can show what was never trained on.
 */
import type { Random } from '../../math/random';
import {
  COLOURS,
  PLACES,
  RELATIONS,
  SHAPES,
  SIZES,
  type Colour,
  type Place,
  type Relation,
  type Shape,
  type Size,
} from './vocabulary';

export interface SceneObject {
  shape: Shape;
  colour: Colour;
  size: Size;
}

export const BACKGROUNDS = ['plain', 'gradient', 'paper', 'grid'] as const;
export type Background = (typeof BACKGROUNDS)[number];

export interface OneObjectScene {
  kind: 'one';
  object: SceneObject;
  place: Place;
  background: Background;
}

export interface TwoObjectScene {
  kind: 'two';
  /** `first` is `relation` `second`: "a red circle above a blue square". */
  first: SceneObject;
  second: SceneObject;
  relation: Relation;
  background: Background;
}

export type Scene = OneObjectScene | TwoObjectScene;

export interface SceneOptions {
  /** Whether held-out colour-shape pairs may occur: never, always (at least one), or as they fall. */
  heldOut?: 'exclude' | 'only' | 'any';
  /** Share of scenes with two objects, 0 to 1. */
  twoObjectShare?: number;
}

export function sceneObjects(scene: Scene): readonly SceneObject[] {
  return scene.kind === 'one' ? [scene.object] : [scene.first, scene.second];
}

/**
 * 11 of the 64 pairs (a sixth): one for each colour and each shape along a skewed diagonal, and three
 * more. Every colour and every shape is held out once or twice, and still trained with six or seven
 * partners.
 */
const HELD_OUT: ReadonlySet<string> = new Set(
  SHAPES.flatMap((shape, row) => {
    const columns = row % 3 === 0 ? [3 * row + 1, 3 * row + 4] : [3 * row + 1];
    return columns.map((column) => `${COLOURS[column % COLOURS.length]!} ${shape}`);
  }),
);

export function isHeldOutPair(colour: Colour, shape: Shape): boolean {
  return HELD_OUT.has(`${colour} ${shape}`);
}

/** True where any object of the scene is of a held-out colour-shape pair. */
export function isHeldOut(scene: Scene): boolean {
  return sceneObjects(scene).some((object) => isHeldOutPair(object.colour, object.shape));
}

function sampleObject(random: Random): SceneObject {
  return { shape: random.pick(SHAPES), colour: random.pick(COLOURS), size: random.pick(SIZES) };
}

function sampleAny(random: Random, twoObjectShare: number): Scene {
  const two = random.chance(twoObjectShare);
  const background = random.pick(BACKGROUNDS);
  const first = sampleObject(random);
  if (!two) return { kind: 'one', object: first, place: random.pick(PLACES), background };
  let second = sampleObject(random);
  while (second.shape === first.shape && second.colour === first.colour)
    second = sampleObject(random);
  return { kind: 'two', first, second, relation: random.pick(RELATIONS), background };
}

/** Draws a scene; attributes are independent and uniform within what `options` allow. */
export function sampleScene(random: Random, options: SceneOptions = {}): Scene {
  const { heldOut = 'any', twoObjectShare = 0.2 } = options;
  for (;;) {
    const scene = sampleAny(random, twoObjectShare);
    if (heldOut === 'any' || isHeldOut(scene) === (heldOut === 'only')) return scene;
  }
}
