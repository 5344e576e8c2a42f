/** The advantages in f64, as sums over the formula rather than recurrences. */

/** Σ_{s≥t} r[b,s] − mean of the totals of the other samples of the picture. */
export function rlooReference(
  rewards: ArrayLike<number>,
  lengths: ArrayLike<number>,
  samplesPerImage: number,
): Float64Array {
  const B = lengths.length;
  const T = rewards.length / B;
  const out = new Float64Array(B * T);
  const toGo = (b: number, t: number) => {
    let sum = 0;
    for (let s = t; s < lengths[b]!; s++) sum += rewards[b * T + s]!;
    return sum;
  };
  for (let b = 0; b < B; b++) {
    const first = b - (b % samplesPerImage);
    let others = 0;
    for (let other = first; other < first + samplesPerImage; other++)
      if (other !== b) others += toGo(other, 0);
    for (let t = 0; t < lengths[b]!; t++)
      out[b * T + t] = toGo(b, t) - others / (samplesPerImage - 1);
  }
  return out;
}

/** (R_b − mean R) / (deviation R over K − 1, + 1e-4) over the samples of a picture, at each of its tokens. */
export function grpoReference(
  rewards: ArrayLike<number>,
  lengths: ArrayLike<number>,
  samplesPerImage: number,
): Float64Array {
  const B = lengths.length;
  const T = rewards.length / B;
  const out = new Float64Array(B * T);
  const totals = Array.from({ length: B }, (_, b) =>
    Array.from({ length: lengths[b]! }, (__, t) => rewards[b * T + t]!).reduce((x, y) => x + y, 0),
  );
  for (let b = 0; b < B; b++) {
    const first = b - (b % samplesPerImage);
    const group = totals.slice(first, first + samplesPerImage);
    const mean = group.reduce((sum, value) => sum + value, 0) / samplesPerImage;
    const squares = group.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const deviation = Math.sqrt(squares / (samplesPerImage - 1));
    for (let t = 0; t < lengths[b]!; t++) out[b * T + t] = (totals[b]! - mean) / (deviation + 1e-4);
  }
  return out;
}

/** A_t = Σ_l (γλ)^l δ_{t+l}. */
export function gaeReference(
  rewards: ArrayLike<number>,
  values: ArrayLike<number>,
  lengths: ArrayLike<number>,
  gamma: number,
  lambda: number,
): { advantages: Float64Array; returns: Float64Array } {
  const B = lengths.length;
  const T = rewards.length / B;
  const advantages = new Float64Array(B * T);
  const returns = new Float64Array(B * T);
  for (let b = 0; b < B; b++) {
    const m = lengths[b]!;
    const value = (t: number) => (t < m ? values[b * T + t]! : 0);
    for (let t = 0; t < m; t++) {
      let advantage = 0;
      for (let s = t; s < m; s++)
        advantage +=
          (gamma * lambda) ** (s - t) * (rewards[b * T + s]! + gamma * value(s + 1) - value(s));
      advantages[b * T + t] = advantage;
      returns[b * T + t] = advantage + value(t);
    }
  }
  return { advantages, returns };
}
