/** Sum over rows in f64: out[n] = Σ_m x[m, n]. */

export function columnSumReference(x: ArrayLike<number>, N: number): Float64Array {
  const out = new Float64Array(N);
  for (let i = 0; i < x.length; i++) out[i % N]! += x[i]!;
  return out;
}
