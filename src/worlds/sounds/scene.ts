/**
 * A scene of the sounds world: one instrument, how high, where its notes go, and in what rhythm.
 * A fifth of the instrument-rhythm pairs is held out, so that the page can show what was never trained on.
 */
import type { Random } from '../../math/random';
import {
  INSTRUMENTS,
  MELODIES,
  PITCHES,
  RHYTHMS,
  type Instrument,
  type Melody,
  type Pitch,
  type Rhythm,
} from './vocabulary';

export interface Scene {
  instrument: Instrument;
  pitch: Pitch;
  melody: Melody;
  rhythm: Rhythm;
}

export interface SceneOptions {
  /** Whether held-out instrument-rhythm pairs may occur: never, always, or as they fall. */
  heldOut?: 'exclude' | 'only' | 'any';
}

/** 8 of the 40 pairs: one for each instrument along a skewed diagonal, so one or two for each rhythm. */
const HELD_OUT: ReadonlySet<string> = new Set(
  INSTRUMENTS.map((instrument, row) => `${instrument} ${RHYTHMS[(3 * row + 1) % RHYTHMS.length]!}`),
);

export function isHeldOutPair(instrument: Instrument, rhythm: Rhythm): boolean {
  return HELD_OUT.has(`${instrument} ${rhythm}`);
}

export function isHeldOut({ instrument, rhythm }: Scene): boolean {
  return isHeldOutPair(instrument, rhythm);
}

/** Draws a scene; attributes are independent and uniform within what `options` allow. */
export function sampleScene(random: Random, { heldOut = 'any' }: SceneOptions = {}): Scene {
  for (;;) {
    const scene = {
      instrument: random.pick(INSTRUMENTS),
      pitch: random.pick(PITCHES),
      melody: random.pick(MELODIES),
      rhythm: random.pick(RHYTHMS),
    };
    if (heldOut === 'any' || isHeldOut(scene) === (heldOut === 'only')) return scene;
  }
}
