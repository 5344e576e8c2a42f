/** GPT-2's input in f64. Letters: B batch, P prefix, S tokens, D width. */

export interface EmbeddingShape {
  B: number;
  P: number;
  S: number;
  D: number;
}

export function embeddingReference(
  prefix: ArrayLike<number>,
  tokens: ArrayLike<number>,
  wte: ArrayLike<number>,
  wpe: ArrayLike<number>,
  { B, P, S, D }: EmbeddingShape,
): Float64Array {
  const L = P + S;
  const x = new Float64Array(B * L * D);
  for (let b = 0; b < B; b++)
    for (let t = 0; t < L; t++)
      for (let d = 0; d < D; d++) {
        const embedded =
          t < P ? prefix[(b * P + t) * D + d]! : wte[tokens[b * S + t - P]! * D + d]!;
        x[(b * L + t) * D + d] = embedded + wpe[t * D + d]!;
      }
  return x;
}
