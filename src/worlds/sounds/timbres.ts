/**
 * What the instruments are made of: additive synthesis, a few numbers each. Caricatures, each with one
 * trait that tells it from the others in a spectrogram; none is a model of the true instrument.
 */
import type { Instrument } from './vocabulary';

export type Range = readonly [low: number, high: number];

export interface PartialTone {
  /** Its frequency in units of the note's. */
  ratio: number;
  /** Amplitude beside the others. */
  level: number;
}

export interface Timbre {
  partials: readonly PartialTone[];
  /** Seconds until a note is at its loudest. */
  attack: Range;
  /** Seconds in which a struck or plucked note falls by 60 dB; undefined where it is held. */
  decay?: Range;
  /** How much faster partials decay for each unit of `ratio` above 1. */
  damping?: number;
  /** Depth in semitones, at 5 to 6.5 Hz. */
  vibrato?: Range;
  /** Amplitude of the noise that goes with a note, beside its tone. */
  breath?: Range;
}

/** Harmonics `numbers` at the amplitudes that `level` gives their numbers. */
const harmonics = (numbers: readonly number[], level: (n: number) => number): PartialTone[] =>
  numbers.map((ratio) => ({ ratio, level: level(ratio) }));

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

export const TIMBRES: Readonly<Record<Instrument, Timbre>> = {
  /** Nearly a sine, breathy, with a soft start. */
  flute: {
    partials: harmonics(upTo(3), (n) => n ** -3),
    attack: [0.05, 0.09],
    vibrato: [0.1, 0.25],
    breath: [0.02, 0.06],
  },
  /** Odd harmonics alone. */
  clarinet: {
    partials: harmonics([1, 3, 5, 7, 9, 11], (n) => n ** -0.8),
    attack: [0.02, 0.04],
  },
  /** Many harmonics, nearly as strong as the first. */
  trumpet: {
    partials: harmonics(upTo(14), (n) => n ** -0.2),
    attack: [0.02, 0.04],
    vibrato: [0, 0.1],
  },
  /** A saw's harmonics, a bow's slow start, a wide vibrato. */
  violin: {
    partials: harmonics(upTo(14), (n) => n ** -1.1),
    attack: [0.06, 0.12],
    vibrato: [0.4, 0.7],
  },
  /** Octaves, at once and unmoved. */
  organ: {
    partials: harmonics([1, 2, 4, 8], (n) => n ** -0.2),
    attack: [0.004, 0.01],
  },
  /** Plucked: all harmonics, the higher ones soon gone. */
  harp: {
    partials: harmonics(upTo(10), (n) => n ** -0.9),
    attack: [0.002, 0.004],
    decay: [0.7, 1.1],
    damping: 0.35,
  },
  /** A free bar's modes, which are no harmonics, long heard. */
  bell: {
    partials: [
      { ratio: 1, level: 1 },
      { ratio: 2.756, level: 0.8 },
      { ratio: 5.404, level: 0.6 },
      { ratio: 8.933, level: 0.4 },
    ],
    attack: [0.001, 0.003],
    decay: [2, 3],
    damping: 0.06,
  },
  /** A membrane's modes and a stroke of noise, soon gone. */
  drum: {
    partials: [
      { ratio: 1, level: 1 },
      { ratio: 1.594, level: 0.6 },
      { ratio: 2.136, level: 0.4 },
    ],
    attack: [0.001, 0.003],
    decay: [0.35, 0.5],
    damping: 0.3,
    breath: [0.3, 0.5],
  },
};
