/** Cross-entropy of given texts in f64, with its gradient. */
import { minibatchTokens } from '../ppo-loss/ppo-loss.reference';

export function crossEntropyReference(
  logp: ArrayLike<number>,
  lengths: ArrayLike<number>,
  rows: ArrayLike<number>,
): { loss: number; tokens: number; dlogp: Float64Array } {
  const tokens = minibatchTokens(rows, lengths, logp.length / rows.length);
  const dlogp = new Float64Array(logp.length);
  let sum = 0;
  for (const { here } of tokens) {
    sum -= logp[here]!;
    dlogp[here] = -1 / tokens.length;
  }
  return { loss: sum / Math.max(tokens.length, 1), tokens: tokens.length, dlogp };
}
