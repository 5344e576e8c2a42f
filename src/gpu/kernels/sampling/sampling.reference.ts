/** The sampler in f64: the same noise bits, so the same tokens up to near ties. */
import { threefry2x32 } from '../../../math/random';
import type { Draw } from './sampling';

export interface SampleReference extends Draw {
  V: number;
  /** Logits of one sequence, [V]. */
  logits: ArrayLike<number>;
  /** Which sequence, and how many tokens a response has at most: they choose the noise. */
  b: number;
  T: number;
  /** Query and response so far. */
  context: readonly number[];
  eos: number;
  minResponse: number;
  noRepeatNgram: number;
}

/** −log of an exponential deviate made of 32 bits. */
export function gumbelReference(bits: number): number {
  const x = Math.min(Math.fround((Math.fround(bits) + 0.5) / 2 ** 32), 1 - 2 ** -24);
  return -Math.log(-Math.log1p(-x));
}

/** Tokens that would repeat an n-gram of `context`. */
export function repeatedTokens(context: readonly number[], n: number): Set<number> {
  const banned = new Set<number>();
  if (n === 0) return banned;
  const tail = context.slice(context.length - (n - 1)).join();
  for (let i = 0; i + n <= context.length; i++)
    if (n === 1 || context.slice(i, i + n - 1).join() === tail) banned.add(context[i + n - 1]!);
  return banned;
}

/** The token with the best score, and how far the second best is behind. */
export function sampleReference(args: SampleReference): { token: number; margin: number } {
  const { t, V } = args;
  const banned = repeatedTokens(args.context, args.noRepeatNgram);
  if (t < args.minResponse) banned.add(args.eos);
  const scores = Array.from({ length: V }, (_, v) => {
    const logit = banned.has(v) ? -1e5 : args.logits[v]!;
    if (args.greedy) return logit;
    const [bits] = threefry2x32(args.seed, args.stream, args.b * args.T + t, v);
    return logit / args.temperature + gumbelReference(bits);
  });
  const best = Math.max(...scores);
  const token = scores.indexOf(best);
  const second = Math.max(...scores.filter((_, v) => v !== token));
  return { token, margin: best - second };
}
