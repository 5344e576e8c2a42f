/** When the notes of a scene start, how long they last and how high they are. */
import type { Random } from '../../math/random';
import type { Scene } from './scene';
import type { Range } from './timbres';
import type { Melody, Pitch, Rhythm } from './vocabulary';

export interface Note {
  /** Seconds from the start of the sound, and until the note is let go. */
  start: number;
  duration: number;
  /** Hz at its start and its end. */
  from: number;
  to: number;
}

/** Hz of a melody's middle, an octave and a half apart: no melody of one reaches into the next. */
const PITCH_RANGES: Readonly<Record<Pitch, Range>> = {
  low: [147, 196],
  medium: [392, 523],
  high: [1047, 1397],
};
/** Semitones from a melody's middle to its end. */
const REACH: Range = [4, 5];

const DIRECTIONS: Readonly<Record<Melody, number>> = { rising: 1, falling: -1, steady: 0 };

/** Seconds from one note to the next, the last one's room included; all end within 2 s. */
function gaps(rhythm: Rhythm, random: Random): number[] {
  const tempo = random.between(0.92, 1.04);
  switch (rhythm) {
    case 'once':
      return [1.7 * tempo];
    case 'twice':
      return Array<number>(2).fill(0.85 * tempo);
    case 'slowly':
      return Array<number>(4).fill(0.44 * tempo);
    case 'quickly':
      return Array<number>(9).fill(0.2 * tempo);
    case 'unevenly':
      return Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? 0.44 : 0.15) * tempo);
  }
}

/** The notes in order; one note alone glides where several would go up or down in equal steps. */
export function notesOf(scene: Scene, random: Random): Note[] {
  const [low, high] = PITCH_RANGES[scene.pitch];
  const middle = low * (high / low) ** random.uniform();
  const reach = DIRECTIONS[scene.melody] * random.between(...REACH);
  const steps = gaps(scene.rhythm, random);
  /** How much of its room a note fills. */
  const legato = random.between(0.7, 0.92);
  const frequency = (along: number): number => middle * 2 ** ((reach * (2 * along - 1)) / 12);
  let start = random.between(0.02, 0.12);
  return steps.map((gap, i) => {
    const [from, to] = steps.length === 1 ? [0, 1] : [i, i].map((n) => n / (steps.length - 1));
    const note = { start, duration: gap * legato, from: frequency(from!), to: frequency(to!) };
    start += gap;
    return note;
  });
}
