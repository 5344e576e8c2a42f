/**
 * Makes the sound of a scene. Everything that a scene leaves open (exact pitch, tempo, loudness,
 * envelope, vibrato, phases, noise around it) varies with `random`, so that what learns from these
 * sounds does not hang on one recording's accidents.
 */
import type { Random } from '../../math/random';
import { notesOf, type Note } from './notes';
import type { Scene } from './scene';
import { TIMBRES, type Timbre } from './timbres';

/** Of the bundled CLAP's extractor, samples a second; another encoder has its own. */
export const SAMPLE_RATE = 16_000;
/** Of every sound: what the extractor takes without padding or cutting. */
export const SECONDS = 2;

const TAU = 2 * Math.PI;
/** Partials above are left out, lest they fold back. */
const HIGHEST = 0.47 * SAMPLE_RATE;
/** Seconds in which a note that is let go falls silent. */
const RELEASE = 0.03;
/** ln(1000): a fall by 60 dB. */
const SIXTY_DB = Math.log(1000);

const amplitude = (decibels: number): number => 10 ** (decibels / 20);

/** How loud a note is `t` seconds after its start, 0 to 1, but for its decay. */
function envelope(t: number, attack: number, duration: number): number {
  const rise = Math.min(1, t / attack);
  const fall = Math.min(1, Math.max(0, 1 + (duration - t) / RELEASE));
  return rise * fall;
}

/** The phase of the fundamental, in radians, at each sample: the integral of its frequency. */
function phases(
  note: Note,
  glide: number,
  count: number,
  vibrato: { depth: number; frequency: number },
  rate: number,
): Float64Array {
  const phase = new Float64Array(count);
  let angle = 0;
  for (let i = 0; i < count; i++) {
    phase[i] = angle;
    const t = i / rate;
    const along = Math.min(1, t / glide);
    const swing = vibrato.depth * Math.sin(TAU * vibrato.frequency * t);
    angle += (TAU * note.from * (note.to / note.from) ** along * 2 ** (swing / 12)) / rate;
  }
  return phase;
}

/** Adds one note to the samples. */
function play(
  { samples: out, rate }: { samples: Float32Array; rate: number },
  note: Note,
  timbre: Timbre,
  level: number,
  random: Random,
): void {
  const attack = random.between(...timbre.attack);
  const decay = timbre.decay && random.between(...timbre.decay);
  const depth = timbre.vibrato ? random.between(...timbre.vibrato) : 0;
  const first = Math.round(note.start * rate);
  const count = Math.min(out.length - first, Math.ceil((note.duration + RELEASE) * rate));
  // Of a note that dies away, the glide has to come while it is heard.
  const glide = decay === undefined ? note.duration : Math.min(note.duration, 0.6 * decay);
  const vibrato = { depth, frequency: random.between(5, 6.5) };
  const phase = phases(note, glide, count, vibrato, rate);
  const highest = Math.max(note.from, note.to);
  for (const partial of timbre.partials) {
    const offset = TAU * random.uniform();
    if (partial.ratio * highest > HIGHEST) continue;
    const damping = 1 + (timbre.damping ?? 0) * (partial.ratio - 1);
    const fall = decay === undefined ? 0 : (SIXTY_DB / decay) * damping;
    for (let i = 0; i < count; i++) {
      const t = i / rate;
      const loudness = envelope(t, attack, note.duration) * Math.exp(-fall * t);
      out[first + i]! +=
        level * partial.level * loudness * Math.sin(partial.ratio * phase[i]! + offset);
    }
  }
  if (timbre.breath) {
    const noise = level * random.between(...timbre.breath);
    // A stroke's noise is gone long before its tone.
    const fall = decay === undefined ? 0 : (4 * SIXTY_DB) / decay;
    for (let i = 0; i < count; i++) {
      const t = i / rate;
      const loudness = envelope(t, attack, note.duration) * Math.exp(-fall * t);
      out[first + i]! += noise * loudness * random.between(-1, 1);
    }
  }
}

/** The scene as mono samples in −1..1, `SECONDS` long; a pure function of scene, generator and rate. */
export function drawSound(scene: Scene, random: Random, rate = SAMPLE_RATE): Float32Array {
  const out = new Float32Array(SECONDS * rate);
  const timbre = TIMBRES[scene.instrument];
  for (const note of notesOf(scene, random))
    play({ samples: out, rate }, note, timbre, amplitude(random.between(-2, 0)), random);
  const peak = out.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const gain = amplitude(random.between(-20, -2)) / peak;
  // A third is as clean as a synthesiser's; the others lie in a room's hiss.
  const hiss = random.chance(1 / 3) ? 0 : amplitude(random.between(-75, -45));
  for (let i = 0; i < out.length; i++) {
    const noise = hiss === 0 ? 0 : hiss * random.between(-1, 1);
    out[i] = gain * out[i]! + noise;
  }
  return out;
}
