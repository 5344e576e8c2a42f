/**
 * Reads a text of the sounds world back: which values of each attribute it names.
 * Tolerant of any text (a policy in training writes nonsense): what it does not know, it skips.
 */
import type { Scene } from './scene';
import { INSTRUMENTS, MELODIES, PITCHES, RHYTHMS } from './vocabulary';

export type AttributeName = keyof Scene;

/** In the order in which the page and the kernel list them. */
export const VALUES = {
  instrument: INSTRUMENTS,
  pitch: PITCHES,
  melody: MELODIES,
  rhythm: RHYTHMS,
} as const satisfies { [Name in AttributeName]: readonly Scene[Name][] };

/** The values named of each attribute, in the order of the text, repetitions and all. */
export type Reading = { readonly [Name in AttributeName]: readonly string[] };

export function readText(text: string): Reading {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const named = (values: readonly string[]): string[] =>
    words.filter((word) => values.includes(word));
  return {
    instrument: named(VALUES.instrument),
    pitch: named(VALUES.pitch),
    melody: named(VALUES.melody),
    rhythm: named(VALUES.rhythm),
  };
}
