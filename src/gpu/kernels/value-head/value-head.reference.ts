/** The value head, its loss and the gradients of its weights, in f64. */
import { minibatchTokens } from '../ppo-loss/ppo-loss.reference';
import type { VALUE_STATS } from './value-head';

export type ValueStats = Record<(typeof VALUE_STATS)[number], number>;

/** The hidden states that the head reads: [R·T, D], row-major. */
function states(hidden: ArrayLike<number>, R: number, T: number, D: number, offset: number) {
  const L = hidden.length / (R * D);
  return (token: number, d: number) =>
    hidden[(Math.floor(token / T) * L + offset + (token % T)) * D + d]!;
}

export function valueForwardReference(
  hidden: ArrayLike<number>,
  w: ArrayLike<number>,
  bias: number,
  lengths: ArrayLike<number>,
  rows: ArrayLike<number>,
  T: number,
  offset: number,
): Float64Array {
  const state = states(hidden, rows.length, T, w.length, offset);
  const out = new Float64Array(rows.length * T);
  for (const { here } of minibatchTokens(rows, lengths, T)) {
    out[here] = bias;
    for (let d = 0; d < w.length; d++) out[here]! += state(here, d) * w[d]!;
  }
  return out;
}

export interface ValueLossReferenceInput {
  values: ArrayLike<number>;
  oldValues: ArrayLike<number>;
  returns: ArrayLike<number>;
  lengths: ArrayLike<number>;
  rows: ArrayLike<number>;
  clipRange: number;
  coef: number;
}

export function valueLossReference(args: ValueLossReferenceInput): {
  stats: ValueStats;
  dvalues: Float64Array;
} {
  const { values, oldValues, returns, clipRange, coef } = args;
  const tokens = minibatchTokens(args.rows, args.lengths, values.length / args.rows.length).map(
    ({ here, whole }) => {
      const value = values[here]!;
      const old = oldValues[whole]!;
      const held = Math.min(Math.max(value, old - clipRange), old + clipRange);
      const gain = returns[whole]!;
      return { here, value, gain, free: (value - gain) ** 2, held: (held - gain) ** 2 };
    },
  );
  type Token = (typeof tokens)[number];
  const mean = (of: (token: Token) => number) =>
    tokens.reduce((sum, token) => sum + of(token), 0) / tokens.length;
  const variance = (of: (token: Token) => number) => {
    const centre = mean(of);
    return mean((token) => (of(token) - centre) ** 2);
  };
  const returnVariance = variance(({ gain }) => gain);
  const dvalues = new Float64Array(values.length);
  for (const { here, value, gain, free, held } of tokens)
    dvalues[here] = held > free ? 0 : (coef * (value - gain)) / tokens.length;
  return {
    stats: {
      valueLoss: (coef / 2) * mean(({ free, held }) => Math.max(free, held)),
      explainedVariance:
        returnVariance > 0 ? 1 - variance(({ gain, value }) => gain - value) / returnVariance : 0,
      valueMean: mean(({ value }) => value),
      returnMean: mean(({ gain }) => gain),
      error: mean(({ free }) => free),
      clipFraction: mean(({ free, held }) => Number(held > free)),
    },
    dvalues,
  };
}

export function valueBackwardReference(
  hidden: ArrayLike<number>,
  dvalues: ArrayLike<number>,
  R: number,
  D: number,
  offset: number,
): { dw: Float64Array; dbias: number } {
  const state = states(hidden, R, dvalues.length / R, D, offset);
  const dw = new Float64Array(D);
  let dbias = 0;
  for (let token = 0; token < dvalues.length; token++) {
    dbias += dvalues[token]!;
    for (let d = 0; d < D; d++) dw[d]! += dvalues[token]! * state(token, d);
  }
  return { dw, dbias };
}

/** Of the states [R, L, D] that were read; rows that were not have no gradient. */
export function valueBackwardHiddenReference(
  dvalues: ArrayLike<number>,
  w: ArrayLike<number>,
  { R, L, offset }: { R: number; L: number; offset: number },
): Float64Array {
  const T = dvalues.length / R;
  const D = w.length;
  const dhidden = new Float64Array(R * L * D);
  for (let r = 0; r < R; r++)
    for (let t = 0; t < T; t++)
      for (let d = 0; d < D; d++)
        dhidden[(r * L + offset + t) * D + d] = dvalues[r * T + t]! * w[d]!;
  return dhidden;
}
