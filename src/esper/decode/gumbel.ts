/**
 * Draws a token from logits in memory as training's kernel draws it on the GPU (gpu/kernels/sampling, where the
 * formula stands): with the same random bits, so that both say the same up to ties of rounding. Here in f64.
 */
import type { Draw } from '../../gpu/kernels/sampling/sampling';
import { threefryWords } from '../../math/random';
import { logSoftmax } from './distribution';
import { drawInside } from './top';

/** Of a rollout, whichever token is drawn. */
export type GumbelDraw = Omit<Draw, 't'>;

/** A logit of a banned token, finite as in the kernel: where all are banned, all may come. */
const BANNED = -1e5;

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
  const bits = new Int32Array(kept.length);
  threefryWords(draw.seed, draw.stream, counter, bits);
  if (draw.topK === 0 && draw.topP >= 1) return drawAbove(kept, draw.temperature, bits, -Infinity);
  const logp = logSoftmax(kept, draw.temperature);
  return drawInside(logp, draw, (floor) => drawAbove(logp, 1, bits, floor));
}

/** argmax of values / temperature + noise over the values above `floor`; the first of equal ones. */
function drawAbove(
  values: Float32Array | Float64Array,
  temperature: number,
  bits: Int32Array,
  floor: number,
): number {
  // With the likeliest to beat, few others need logarithms.
  let token = largest(values);
  let best = values[token]! / temperature + gumbel(bits[token]!);
  for (let v = 0; v < values.length; v++) {
    const value = values[v]!;
    if (!(value > floor)) continue;
    const scaled = value / temperature;
    // x ≥ 2^−(leading zeros + 1), and −log(1 − x) ≥ x.
    if (scaled + (Math.clz32(bits[v]!) + 1) * Math.LN2 < best) continue;
    const score = scaled + gumbel(bits[v]!);
    if (score > best || (score === best && v < token)) [best, token] = [score, v];
  }
  return token;
}

/** −log(−log(1 − x)), x the bits as the kernel's f32 has them. */
function gumbel(bits: number): number {
  const x = Math.min(Math.fround(Math.fround(bits >>> 0) + 0.5) * 2 ** -32, 1 - 2 ** -24);
  return -Math.log(-Math.log1p(-x));
}

/** Where the largest is; the first of equal ones, 0 where none is a number. */
function largest(values: Float32Array | Float64Array): number {
  let at = 0;
  let most = -Infinity;
  for (let v = 0; v < values.length; v++) if (values[v]! > most) [at, most] = [v, values[v]!];
  return at;
}
