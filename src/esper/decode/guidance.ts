/**
 * The loss of CLIP-guided decoding and its gradient to the logits, as in ZeroCap (Tewel et al. 2022,
 * arXiv 2111.14447, eq. 3 to 5): cross-entropy of the next token's distribution q with what CLIP prefers
 * among the candidates, and the divergence of q from what it was unguided.
 *   L = clipWeight · −Σ_k p_k log q_k + fluencyWeight · Σ_v q_v (log q_v − log q0_v)
 */
import { logSoftmax } from './distribution';

/** What CLIP prefers: candidate tokens, and p, softmax(cosine / temperature) over them. */
export interface Preference {
  tokens: readonly number[];
  share: readonly number[];
}

export function preferenceOf(
  tokens: readonly number[],
  cosines: readonly number[],
  temperature: number,
): Preference {
  return { tokens, share: [...logSoftmax(cosines, temperature)].map(Math.exp) };
}

export interface GuidanceWeights {
  clipWeight: number;
  fluencyWeight: number;
}

/**
 * @param logits [V] of the guided model
 * @param unguided log q0 [V]
 * @returns the loss and dL/dlogits [V]
 */
export function guidance(
  logits: ArrayLike<number>,
  unguided: Float64Array,
  { tokens, share }: Preference,
  { clipWeight, fluencyWeight }: GuidanceWeights,
): { loss: number; gradient: Float32Array<ArrayBuffer> } {
  const logq = logSoftmax(logits);
  let divergence = 0;
  for (const [v, value] of logq.entries()) divergence += Math.exp(value) * (value - unguided[v]!);
  const gradient = new Float32Array(logq.length);
  for (const [v, value] of logq.entries()) {
    const q = Math.exp(value);
    gradient[v] = clipWeight * q + fluencyWeight * q * (value - unguided[v]! - divergence);
  }
  let surprise = 0;
  tokens.forEach((token, k) => {
    surprise -= share[k]! * logq[token]!;
    gradient[token]! -= clipWeight * share[k]!;
  });
  return { loss: clipWeight * surprise + fluencyWeight * divergence, gradient };
}
