/** Which attributes of a scene a text names right: the accuracy that the learning curve reports. */
import { readText, VALUES, type AttributeName } from './reading';
import type { Scene } from './scene';

export interface NamedAttribute {
  attribute: AttributeName;
  /** The text names a value of it. */
  named: boolean;
  /** It names the scene's value, and no other. */
  right: boolean;
}

const NAMES = Object.keys(VALUES) as AttributeName[];

/** The four attributes of the scene. */
export function attributesNamed(scene: Scene, text: string): readonly NamedAttribute[] {
  const reading = readText(text);
  return NAMES.map((attribute) => {
    const values = reading[attribute];
    const named = values.length > 0;
    return {
      attribute,
      named,
      right: named && values.every((value) => value === scene[attribute]),
    };
  });
}

/** Share of the scene's attributes that the text names right, 0 to 1. */
export function shareNamed(scene: Scene, text: string): number {
  const named = attributesNamed(scene, text);
  return named.filter(({ right }) => right).length / named.length;
}
