import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../math/random';
import { notesOf } from './notes';
import { sampleScene, type Scene } from './scene';
import { drawSound, SAMPLE_RATE, SECONDS } from './synthesis';
import { INSTRUMENTS, RHYTHMS, type Rhythm } from './vocabulary';

const flute: Scene = { instrument: 'flute', pitch: 'medium', melody: 'steady', rhythm: 'once' };
const draw = (scene: Partial<Scene>, stream = 1) =>
  drawSound({ ...flute, ...scene }, new Random(3, stream));

const energy = (samples: Float32Array): number =>
  samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;

/** Hz by the first peak of the autocorrelation that is nearly as high as the highest one. */
function frequency(sound: Float32Array, from: number): number {
  const at = Math.round(from * SAMPLE_RATE);
  const correlations = Array.from({ length: SAMPLE_RATE / 100 }, (_, lag) => {
    let sum = 0;
    for (let i = at; i < at + 800; i++) sum += sound[i]! * sound[i + lag]!;
    return sum;
  });
  // Beyond the first trough the peak at lag 0 no longer counts.
  const first = correlations.findIndex((value) => value < 0);
  const highest = Math.max(...correlations.slice(first));
  const peak = correlations.findIndex(
    (value, lag) =>
      lag > first &&
      value > 0.9 * highest &&
      value >= correlations[lag + 1]! &&
      value >= correlations[lag - 1]!,
  );
  return SAMPLE_RATE / peak;
}

/** How often it gets at least 12 dB louder within 20 ms, above what lies 30 dB under the loudest. */
function strokes(sound: Float32Array): number {
  const hop = SAMPLE_RATE / 100;
  const loudness = Array.from({ length: sound.length / hop }, (_, i) =>
    energy(sound.subarray(i * hop, (i + 1) * hop)),
  );
  const floor = Math.max(...loudness) / 1000;
  const rises = loudness.map((now, i) => now > floor && now > 16 * (i < 2 ? 0 : loudness[i - 2]!));
  return rises.filter((rise, i) => rise && !rises[i - 1]).length;
}

describe('drawSound', () => {
  it('is a function of scene and generator, two seconds long, within ±1 and audible', () => {
    for (let i = 0; i < 6; i++) {
      const scene = sampleScene(new Random(1, i));
      const sound = drawSound(scene, new Random(2, i));
      expect(sound).toHaveLength(SECONDS * SAMPLE_RATE);
      expect(sound.every((sample) => Math.abs(sample) <= 1)).toBe(true);
      expect(Math.sqrt(energy(sound))).toBeGreaterThan(0.003);
      const differs = (other: Float32Array) => sound.some((sample, j) => sample !== other[j]);
      expect(differs(drawSound(scene, new Random(2, i)))).toBe(false);
      expect(differs(drawSound(scene, new Random(3, i)))).toBe(true);
    }
  });

  it.each([
    ['low', 147, 196],
    ['medium', 392, 523],
    ['high', 1047, 1397],
  ] as const)('of a %s flute or clarinet has its period', (pitch, low, high) => {
    for (const instrument of ['flute', 'clarinet'] as const)
      for (let stream = 0; stream < 4; stream++) {
        const found = frequency(draw({ instrument, pitch }, stream), 0.6);
        // A lag is a whole number of samples, and a flute wavers by a quarter of a semitone.
        expect(found).toBeGreaterThan(low * 0.95);
        expect(found).toBeLessThan(high * 1.06);
      }
  });

  it.each([
    ['rising', 8, 10],
    ['falling', -10, -8],
    ['steady', 0, 0],
  ] as const)(
    '%s goes that many semitones from its first to its last note',
    (melody, least, most) => {
      for (const rhythm of ['twice', 'slowly'] as const) {
        const sound = draw({ instrument: 'organ', melody, rhythm });
        const random = new Random(3, 1);
        const notes = notesOf({ ...flute, instrument: 'organ', melody, rhythm }, random);
        const [first, last] = [notes[0]!, notes.at(-1)!].map(({ start }) =>
          frequency(sound, start + 0.05),
        );
        const semitones = 12 * Math.log2(last! / first!);
        expect(semitones).toBeGreaterThan(least - 0.6);
        expect(semitones).toBeLessThan(most + 0.6);
      }
    },
  );

  it.each<[Rhythm, number]>([
    ['once', 1],
    ['twice', 2],
    ['slowly', 4],
    ['quickly', 9],
    ['unevenly', 6],
  ])('on a drum has the strokes of %s', (rhythm, count) => {
    for (let stream = 0; stream < 3; stream++) {
      const sound = draw({ instrument: 'drum', pitch: 'high', rhythm }, stream);
      expect(strokes(sound)).toBe(count);
    }
  });

  it('dies away where an instrument is struck or plucked, and holds where it is not', () => {
    for (const instrument of INSTRUMENTS) {
      const sound = draw({ instrument });
      const [early, late] = [0.15, 1.2].map((from) =>
        energy(sound.subarray(from * SAMPLE_RATE, (from + 0.2) * SAMPLE_RATE)),
      );
      const held = !['harp', 'bell', 'drum'].includes(instrument);
      expect([instrument, late! > 0.3 * early!]).toEqual([instrument, held]);
    }
  });
});

describe('notes', () => {
  it('follow one another within the sound', () => {
    for (const rhythm of RHYTHMS)
      for (let i = 0; i < 50; i++) {
        const notes = notesOf({ ...flute, rhythm }, new Random(4, i));
        for (const [j, { start, duration }] of notes.entries()) {
          expect(start).toBeGreaterThan(0);
          expect(start + duration).toBeLessThan(notes[j + 1]?.start ?? SECONDS);
        }
      }
  });
});

it('has the rate and the length that the extractor of the bundled CLAP takes as they are', () => {
  const file = new URL(
    '../../../public/models/sounds/clap/preprocessor_config.json',
    import.meta.url,
  );
  const extractor = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  expect(extractor['sampling_rate']).toBe(SAMPLE_RATE);
  expect(extractor['nb_max_samples']).toBe(SECONDS * SAMPLE_RATE);
});
