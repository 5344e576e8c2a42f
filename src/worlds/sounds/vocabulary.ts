/** The words of the sounds world: what a sound can be and how captions name it. */

export const INSTRUMENTS = [
  'flute',
  'clarinet',
  'trumpet',
  'violin',
  'organ',
  'harp',
  'bell',
  'drum',
] as const;
export const PITCHES = ['low', 'medium', 'high'] as const;
/** Where the notes, or the one note, go. */
export const MELODIES = ['rising', 'falling', 'steady'] as const;
/** "played slowly": how many notes there are and when. */
export const RHYTHMS = ['once', 'twice', 'slowly', 'quickly', 'unevenly'] as const;

export type Instrument = (typeof INSTRUMENTS)[number];
export type Pitch = (typeof PITCHES)[number];
export type Melody = (typeof MELODIES)[number];
export type Rhythm = (typeof RHYTHMS)[number];
