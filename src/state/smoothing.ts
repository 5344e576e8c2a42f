/**
 * The debiased exponential moving average that curves are drawn with:
 * m ← s·m + (1 − s)·x and m̂ = m / (1 − sⁿ), so that early values are not pulled to zero
 * (Kingma & Ba 2015, section 3).
 */

/** Values that are not finite become gaps (`null`) and leave the average as it was. */
export function smooth(values: ArrayLike<number>, smoothing: number): (number | null)[] {
  const smoothed: (number | null)[] = Array.from({ length: values.length }, () => null);
  let mean = 0;
  let bias = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    mean = smoothing * mean + (1 - smoothing) * value;
    bias *= smoothing;
    smoothed[i] = mean / (1 - bias);
  }
  return smoothed;
}
