/** Whitening over valid tokens in f64, with the biased deviation. */

export function whitenReference(
  x: ArrayLike<number>,
  lengths: ArrayLike<number>,
  shiftMean: boolean,
  rootDeviation = false,
): Float64Array {
  const B = lengths.length;
  const T = x.length / B;
  const valid = Array.from({ length: B * T }, (_, i) => i).filter(
    (i) => i % T < lengths[Math.floor(i / T)]!,
  );
  const mean = valid.reduce((sum, i) => sum + x[i]!, 0) / valid.length;
  const variance = valid.reduce((sum, i) => sum + (x[i]! - mean) ** 2, 0) / valid.length;
  const deviation = Math.sqrt(variance);
  const divisor = (rootDeviation ? Math.sqrt(deviation) : deviation) + 1e-8;
  const out = new Float64Array(B * T);
  for (const i of valid) out[i] = (x[i]! - mean) / divisor + (shiftMean ? 0 : mean);
  return out;
}
