/** PPO's loss and its gradients in f64. */
import type { PPO_STATS } from './ppo-loss';

export type PpoStats = Record<(typeof PPO_STATS)[number], number>;

export interface PpoLossReferenceInput {
  newLogp: ArrayLike<number>;
  entropy: ArrayLike<number>;
  kl: ArrayLike<number>;
  oldLogp: ArrayLike<number>;
  advantage: ArrayLike<number>;
  lengths: ArrayLike<number>;
  rows: ArrayLike<number>;
  clipRange: number;
  policyCoef: number;
  klLossCoef: number;
  klLossThreshold: number;
  entropyCoef: number;
  nllCoef: number;
  nllThreshold: number;
}

/** Every valid token of a minibatch: its place in [R, T] and in the whole batch's [B, T]. */
export function minibatchTokens(
  rows: ArrayLike<number>,
  lengths: ArrayLike<number>,
  T: number,
): { here: number; whole: number }[] {
  return Array.from(rows, (episode, r) =>
    Array.from({ length: lengths[episode]! }, (_, t) => ({
      here: r * T + t,
      whole: episode * T + t,
    })),
  ).flat();
}

/** Of each row: what its negative log-likelihood has over the threshold, and its tokens' places. */
function hinges({ rows, lengths, newLogp, nllThreshold }: PpoLossReferenceInput) {
  const T = newLogp.length / rows.length;
  return Array.from(rows, (episode, r) => {
    const places = Array.from({ length: lengths[episode]! }, (_, t) => r * T + t);
    const nll = places.reduce((sum, place) => sum - newLogp[place]!, 0);
    return { over: Math.max(0, nll - nllThreshold), places };
  });
}

export function ppoLossReference(args: PpoLossReferenceInput): PpoStats {
  const R = args.rows.length;
  const tokens = minibatchTokens(args.rows, args.lengths, args.newLogp.length / R);
  const mean = (value: (token: { here: number; whole: number }) => number) =>
    tokens.reduce((sum, token) => sum + value(token), 0) / tokens.length;
  const logRatio = ({ here, whole }: { here: number; whole: number }) =>
    args.newLogp[here]! - args.oldLogp[whole]!;
  const surrogate = (token: { here: number; whole: number }) => {
    const A = args.advantage[token.whole]!;
    const ratio = Math.exp(logRatio(token));
    const clipped = Math.min(Math.max(ratio, 1 - args.clipRange), 1 + args.clipRange);
    return { free: -A * ratio, held: -A * clipped };
  };
  const hinge = tokens.reduce(
    (sum, { here }) => sum + Math.max(0, args.kl[here]! - args.klLossThreshold),
    0,
  );
  const nll = hinges(args).reduce((sum, { over }) => sum + over, 0);
  const entropy = mean(({ here }) => args.entropy[here]!);
  return {
    policyLoss:
      args.policyCoef * mean((token) => Math.max(surrogate(token).free, surrogate(token).held)),
    approxKl: mean((token) => Math.exp(logRatio(token)) - 1 - logRatio(token)),
    clipFraction: mean((token) => Number(surrogate(token).held > surrogate(token).free)),
    ratioMean: mean((token) => Math.exp(logRatio(token))),
    tokens: tokens.length,
    klLoss: (args.klLossCoef * hinge) / R,
    entropyLoss: -args.entropyCoef * entropy,
    entropy,
    kl: mean(({ here }) => args.kl[here]!),
    nllLoss: (args.nllCoef * nll) / R,
  };
}

/** Gradients of policyLoss + klLoss + entropyLoss + nllLoss. */
export function ppoLossBackwardReference(args: PpoLossReferenceInput): {
  dlogp: Float64Array;
  dentropy: Float64Array;
  dkl: Float64Array;
} {
  const size = args.newLogp.length;
  const R = args.rows.length;
  const tokens = minibatchTokens(args.rows, args.lengths, size / R);
  const dlogp = new Float64Array(size);
  const dentropy = new Float64Array(size);
  const dkl = new Float64Array(size);
  for (const { here, whole } of tokens) {
    const A = args.advantage[whole]!;
    const ratio = Math.exp(args.newLogp[here]! - args.oldLogp[whole]!);
    const isHeld = A > 0 ? ratio > 1 + args.clipRange : A < 0 && ratio < 1 - args.clipRange;
    dlogp[here] = isHeld ? 0 : (-args.policyCoef * A * ratio) / tokens.length;
    dentropy[here] = -args.entropyCoef / tokens.length;
    dkl[here] = args.kl[here]! > args.klLossThreshold ? args.klLossCoef / R : 0;
  }
  for (const { over, places } of hinges(args))
    if (over > 0) for (const place of places) dlogp[place]! -= args.nllCoef / R;
  return { dlogp, dentropy, dkl };
}
