/** ESPER's reward in f64, with sets of n-grams in place of the kernel's comparisons. */
import type { RewardWeights } from './reward';

/** −0.025·(s1 + s2 + s3) over the tokens read in a circle. */
export function repetitionReference(text: readonly number[], released = false): number {
  const n = text.length;
  const repeats = (length: number) =>
    n -
    new Set(text.map((_, i) => Array.from({ length }, (_, k) => text[(i + k) % n]).join(' '))).size;
  const s1 = released ? Math.min(repeats(1) - 1, 0) : Math.max(repeats(1) - 1, 0);
  return -0.025 * (s1 + 2 * repeats(2) + 4 * repeats(3));
}

export interface RewardReferenceInput {
  logp: ArrayLike<number>;
  refLogp: ArrayLike<number>;
  score: ArrayLike<number>;
  tokens: ArrayLike<number>;
  query: ArrayLike<number>;
  lengths: ArrayLike<number>;
  endOfText: number;
  weights: RewardWeights;
  released?: boolean;
}

export function rewardReference(args: RewardReferenceInput): {
  rewards: Float64Array;
  terms: Float64Array;
} {
  const { logp, refLogp, tokens, query, lengths, weights } = args;
  const B = lengths.length;
  const T = logp.length / B;
  const Q = query.length / B;
  const rewards = new Float64Array(B * T);
  const terms = new Float64Array(B * 4);
  for (let b = 0; b < B; b++) {
    const m = lengths[b]!;
    if (m === 0) continue;
    const text = [
      ...Array.from({ length: Q }, (_, q) => query[b * Q + q]!),
      ...Array.from({ length: m }, (_, t) => tokens[b * T + t]!),
    ].filter((token) => token !== args.endOfText);
    const clip = weights.clipWeight * weights.gain * (args.score[b]! - weights.bias);
    const repetition = weights.repetitionWeight * repetitionReference(text, args.released);
    let klSum = 0;
    let fluencySum = 0;
    for (let t = 0; t < m; t++) {
      const kl = logp[b * T + t]! - refLogp[b * T + t]!;
      const surprise = Math.max(0, -refLogp[b * T + t]! - 70 / m);
      const fluency = weights.fluencyWeight * (-0.1 * surprise + 3 / m);
      klSum += kl;
      fluencySum += fluency;
      rewards[b * T + t] = -weights.klCoef * kl + fluency + (t === m - 1 ? clip + repetition : 0);
    }
    terms.set([klSum, clip, fluencySum, repetition], b * 4);
  }
  return { rewards, terms };
}
