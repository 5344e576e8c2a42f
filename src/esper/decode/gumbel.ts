/**
 * Draws a token from logits in memory as training's kernel draws it on the GPU (gpu/kernels/sampling, where the
 * formula stands): with the same random bits, so that both say the same up to ties of rounding. Here in f64.
 * What cannot win any more is passed over before its noise is computed, or its logarithms.
 */
import { threefryWord } from '../../math/random';
import { logSoftmax } from './distribution';
import { drawInside, type Top } from './top';

export interface GumbelDraw extends Top {
  seed: number;
  stream: number;
  /** > 0 */
  temperature: number;
  /** The most likely token, without temperature and noise. */
  greedy: boolean;
}

/** A logit of a banned token, finite as in the kernel: where all are banned, all may come. */
const BANNED = -1e5;
/** Of 32 bits no noise is above this: −log of half a 2³²th. */
const MOST_NOISE = 33 * Math.LN2;

/**
 * @param logits f32 [V]
 * @param counter which draw of the stream: b·T + t
 */
export function drawToken(
  logits: Float32Array,
  banned: ReadonlySet<number>,
  draw: GumbelDraw,
  counter: number,
): number {
  const kept = banned.size > 0 ? logits.slice() : logits;
  for (const token of banned) kept[token] = BANNED;
  if (draw.greedy) return largest(kept);
  const noisy = { ...draw, counter };
  if (draw.topK === 0 && draw.topP >= 1) return drawAbove(kept, -Infinity, noisy, draw.temperature);
  const logp = logSoftmax(kept, draw.temperature);
  return drawInside(logp, draw, (floor) => drawAbove(logp, floor, noisy, 1));
}

interface Noise {
  seed: number;
  stream: number;
  counter: number;
}

/** argmax of values / temperature + noise over the values above `floor`; the first of equal ones. */
function drawAbove(
  values: Float32Array | Float64Array,
  floor: number,
  { seed, stream, counter }: Noise,
  temperature: number,
): number {
  // With the likeliest to beat, few others are looked at.
  let token = largest(values);
  let best = values[token]! / temperature + gumbel(threefryWord(seed, stream, counter, token));
  for (let v = 0; v < values.length; v++) {
    const value = values[v]!;
    if (!(value > floor)) continue;
    const scaled = value / temperature;
    if (scaled + MOST_NOISE < best) continue;
    const bits = threefryWord(seed, stream, counter, v);
    if (scaled + (Math.clz32(bits) + 1) * Math.LN2 < best) continue; // −log E ≤ −log x for E = −log(1 − x)
    const score = scaled + gumbel(bits);
    if (score > best || (score === best && v < token)) [best, token] = [score, v];
  }
  return token;
}

/** −log(−log(1 − x)), x the bits as the kernel's f32 has them. */
function gumbel(bits: number): number {
  const x = Math.min(Math.fround(Math.fround(bits) + 0.5) * 2 ** -32, 1 - 2 ** -24);
  return -Math.log(-Math.log1p(-x));
}

/** Where the largest is; the first of equal ones, 0 where none is a number. */
function largest(values: Float32Array | Float64Array): number {
  let at = 0;
  for (let v = 1; v < values.length; v++) if (values[v]! > values[at]!) at = v;
  return at;
}
