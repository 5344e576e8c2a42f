/** Layer normalisation in f64, as plain as the formula. */

export function layernormReference(
  x: ArrayLike<number>,
  gamma: ArrayLike<number>,
  beta: ArrayLike<number>,
  epsilon: number,
): { out: Float64Array; mean: Float64Array; rstd: Float64Array } {
  const C = gamma.length;
  const R = x.length / C;
  const out = new Float64Array(R * C);
  const mean = new Float64Array(R);
  const rstd = new Float64Array(R);
  for (let r = 0; r < R; r++) {
    let sum = 0;
    for (let c = 0; c < C; c++) sum += x[r * C + c]!;
    mean[r] = sum / C;
    let squares = 0;
    for (let c = 0; c < C; c++) squares += (x[r * C + c]! - mean[r]!) ** 2;
    rstd[r] = 1 / Math.sqrt(squares / C + epsilon);
    for (let c = 0; c < C; c++)
      out[r * C + c] = (x[r * C + c]! - mean[r]!) * rstd[r]! * gamma[c]! + beta[c]!;
  }
  return { out, mean, rstd };
}

export function layernormBackwardReference(
  dout: ArrayLike<number>,
  x: ArrayLike<number>,
  gamma: ArrayLike<number>,
  mean: ArrayLike<number>,
  rstd: ArrayLike<number>,
): Float64Array {
  const C = gamma.length;
  const R = x.length / C;
  const dinp = new Float64Array(R * C);
  for (let r = 0; r < R; r++) {
    let sum = 0;
    let weighted = 0;
    const n = (c: number) => (x[r * C + c]! - mean[r]!) * rstd[r]!;
    for (let c = 0; c < C; c++) {
      const g = dout[r * C + c]! * gamma[c]!;
      sum += g;
      weighted += g * n(c);
    }
    for (let c = 0; c < C; c++) {
      const g = dout[r * C + c]! * gamma[c]!;
      dinp[r * C + c] = rstd[r]! * (g - sum / C - (n(c) * weighted) / C);
    }
  }
  return dinp;
}

export function layernormParametersReference(
  dout: ArrayLike<number>,
  x: ArrayLike<number>,
  mean: ArrayLike<number>,
  rstd: ArrayLike<number>,
): { dgamma: Float64Array; dbeta: Float64Array } {
  const C = x.length / mean.length;
  const dgamma = new Float64Array(C);
  const dbeta = new Float64Array(C);
  for (let i = 0; i < x.length; i++) {
    const r = Math.floor(i / C);
    dgamma[i % C]! += dout[i]! * (x[i]! - mean[r]!) * rstd[r]!;
    dbeta[i % C]! += dout[i]!;
  }
  return { dgamma, dbeta };
}
