/** The head over the vocabulary in f64, as plain as the formulas: all logits of a row at once. */

export interface HeadShape {
  B: number;
  T: number;
  V: number;
  D: number;
  eos: number;
  minResponse: number;
}

/** hidden [B, L, D], of which offset + t predicts response token t. */
export interface StatesReference {
  hidden: ArrayLike<number>;
  L: number;
  offset: number;
}

/** Log-probabilities of the vocabulary, [B·T][V], and the log-sum-exp of each row. */
export function logProbabilities(
  shape: HeadShape,
  { hidden, L, offset }: StatesReference,
  wte: ArrayLike<number>,
): { rows: Float64Array[]; lse: Float64Array } {
  const { B, T, V, D } = shape;
  const lse = new Float64Array(B * T);
  const rows = Array.from({ length: B * T }, (_, r) => {
    const t = r % T;
    const base = (Math.floor(r / T) * L + offset + t) * D;
    const logits = Float64Array.from({ length: V }, (_row, v) => {
      if (v === shape.eos && t < shape.minResponse) return -1e5;
      let sum = 0;
      for (let d = 0; d < D; d++) sum += hidden[base + d]! * wte[v * D + d]!;
      return sum;
    });
    const max = Math.max(...logits);
    lse[r] = max + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - max), 0));
    return logits.map((logit) => logit - lse[r]!);
  });
  return { rows, lse };
}

export function lmHeadReference(
  shape: HeadShape,
  policy: StatesReference,
  wte: ArrayLike<number>,
  targets: ArrayLike<number>,
  reference: StatesReference,
): { logp: Float64Array; entropy: Float64Array; lse: Float64Array; kl: Float64Array } {
  const { rows, lse } = logProbabilities(shape, policy, wte);
  const { rows: refRows } = logProbabilities(shape, reference, wte);
  const mean = (r: number, value: (v: number) => number) =>
    rows[r]!.reduce((sum, logp, v) => sum + Math.exp(logp) * value(v), 0);
  const perRow = (value: (r: number) => number) => Float64Array.from(rows, (_, r) => value(r));
  return {
    logp: perRow((r) => rows[r]![targets[r]!]!),
    entropy: perRow((r) => -mean(r, (v) => rows[r]![v]!)),
    lse,
    kl: perRow((r) => mean(r, (v) => rows[r]![v]! - refRows[r]![v]!)),
  };
}

/** The gradients from above, each [B·T]. */
export interface HeadGradients {
  dlogp: ArrayLike<number>;
  dentropy: ArrayLike<number>;
  dkl: ArrayLike<number>;
}

/** dhidden [B, L, D] of the policy; the reference is frozen. */
export function lmHeadBackwardReference(
  shape: HeadShape,
  policy: StatesReference,
  wte: ArrayLike<number>,
  targets: ArrayLike<number>,
  reference: StatesReference,
  { dlogp, dentropy, dkl }: HeadGradients,
): Float64Array {
  const { T, V, D } = shape;
  const { rows } = logProbabilities(shape, policy, wte);
  const { rows: refRows } = logProbabilities(shape, reference, wte);
  const { entropy, kl } = lmHeadReference(shape, policy, wte, targets, reference);
  const dhidden = new Float64Array(policy.hidden.length);
  for (const [r, row] of rows.entries()) {
    const t = r % T;
    const base = (Math.floor(r / T) * policy.L + policy.offset + t) * D;
    for (let v = 0; v < V; v++) {
      if (v === shape.eos && t < shape.minResponse) continue; // a constant
      const logp = row[v]!;
      const p = Math.exp(logp);
      const dlogit =
        dlogp[r]! * ((v === targets[r] ? 1 : 0) - p) -
        dentropy[r]! * p * (logp + entropy[r]!) +
        dkl[r]! * p * (logp - refRows[r]![v]! - kl[r]!);
      for (let d = 0; d < D; d++) dhidden[base + d]! += dlogit * wte[v * D + d]!;
    }
  }
  return dhidden;
}
