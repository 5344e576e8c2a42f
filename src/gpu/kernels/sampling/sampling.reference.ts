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

/**
 * Tokens that top-k and top-p leave out, and how near the closest call of top-p was: a token stays where
 * fewer than k tokens are more likely and those have less than p of the probability.
 */
export function outsideTop(
  logits: readonly number[],
  { temperature, topK, topP }: Pick<Draw, 'temperature' | 'topK' | 'topP'>,
): { outside: Set<number>; margin: number } {
  const order = logits.map((_, v) => v).toSorted((a, b) => logits[b]! - logits[a]!);
  const peak = logits[order[0]!]!;
  const weights = logits.map((logit) => Math.exp((logit - peak) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const outside = new Set<number>();
  let margin = Infinity;
  let better = { count: 0, share: 0 };
  let share = 0;
  for (const [rank, v] of order.entries()) {
    // Of equal tokens the first one's place counts for all.
    if (rank > 0 && logits[v]! < logits[order[rank - 1]!]!) better = { count: rank, share };
    share += weights[v]! / total;
    if (topK > 0 && better.count >= topK) outside.add(v);
    if (topP < 1) {
      margin = Math.min(margin, Math.abs(better.share - topP));
      if (better.count > 0 && better.share >= topP) outside.add(v);
    }
  }
  return { outside, margin };
}

/** The token with the best score, and how far the second best is behind. */
export function sampleReference(args: SampleReference): { token: number; margin: number } {
  const { t, V } = args;
  const banned = repeatedTokens(args.context, args.noRepeatNgram);
  if (t < args.minResponse) banned.add(args.eos);
  const logits = Array.from({ length: V }, (_, v) => (banned.has(v) ? -1e5 : args.logits[v]!));
  const { outside, margin } = args.greedy
    ? { outside: new Set<number>(), margin: Infinity }
    : outsideTop(logits, args);
  const scores = logits.map((logit, v) => {
    if (outside.has(v)) return -Infinity;
    if (args.greedy) return logit;
    const [bits] = threefry2x32(args.seed, args.stream, args.b * args.T + t, v);
    return logit / args.temperature + gumbelReference(bits);
  });
  const best = Math.max(...scores);
  const token = scores.indexOf(best);
  const second = Math.max(...scores.filter((_, v) => v !== token));
  return { token, margin: Math.min(margin, best - second) };
}
