/** Which attributes of a scene a text names right: the accuracy that the learning curve reports. */
import { readText, type Mention, type Reading } from './reading';
import type { OneObjectScene, Scene, SceneObject, TwoObjectScene } from './scene';
import { opposite } from './vocabulary';

export type AttributeName = 'colour' | 'shape' | 'size' | 'place' | 'relation';

export interface NamedAttribute {
  attribute: AttributeName;
  /** Which object it belongs to: 0 first, 1 second; a relation belongs to the first. */
  object: 0 | 1;
  /** The text names a value of it. */
  named: boolean;
  /** It names the scene's value, and no other. */
  right: boolean;
}

const OBJECT_ATTRIBUTES = ['colour', 'shape', 'size'] as const;

function judge<T>(
  attribute: AttributeName,
  object: 0 | 1,
  values: readonly (T | undefined)[],
  wanted: T,
): NamedAttribute {
  const found = values.filter((value) => value !== undefined);
  const named = found.length > 0;
  return { attribute, object, named, right: named && found.every((value) => value === wanted) };
}

function judgeObject(
  object: SceneObject,
  index: 0 | 1,
  mentions: readonly (Mention | undefined)[],
): NamedAttribute[] {
  return OBJECT_ATTRIBUTES.map((attribute) => {
    const values = mentions.map((mention) => mention?.[attribute]);
    return judge<string>(attribute, index, values, object[attribute]);
  });
}

/** Everything said must fit the one object there is. */
function ofOne(scene: OneObjectScene, { mentions, places }: Reading): NamedAttribute[] {
  return [...judgeObject(scene.object, 0, mentions), judge('place', 0, places, scene.place)];
}

/** The text's first mention may be either object: the reading that agrees more counts. */
function ofTwo(scene: TwoObjectScene, { mentions, relations }: Reading): NamedAttribute[] {
  const [one, other] = mentions;
  const read = (turned: boolean): NamedAttribute[] => [
    ...judgeObject(scene.first, 0, [turned ? other : one]),
    ...judgeObject(scene.second, 1, [turned ? one : other]),
    judge('relation', 0, relations, turned ? opposite(scene.relation) : scene.relation),
  ];
  const [straight, turned] = [read(false), read(true)];
  return countRight(turned) > countRight(straight) ? turned : straight;
}

const countRight = (named: readonly NamedAttribute[]): number =>
  named.filter(({ right }) => right).length;

/** Four attributes for a scene of one object; three for each object and the relation for two. */
export function attributesNamed(scene: Scene, text: string): readonly NamedAttribute[] {
  const reading = readText(text);
  return scene.kind === 'one' ? ofOne(scene, reading) : ofTwo(scene, reading);
}

/** Share of the scene's attributes that the text names right, 0 to 1. */
export function shareNamed(scene: Scene, text: string): number {
  const named = attributesNamed(scene, text);
  return countRight(named) / named.length;
}
