/** One step of AdamW in f64, as torch.optim.AdamW writes it. */
import type { AdamwSettings } from './adamw';

export interface AdamwState {
  parameter: Float64Array;
  m: Float64Array;
  v: Float64Array;
}

export function adamwReference(
  { parameter, m, v }: AdamwState,
  gradient: ArrayLike<number>,
  scale: number,
  { learningRate, beta1, beta2, epsilon, weightDecay, step }: AdamwSettings,
): AdamwState {
  const nextM = m.map((value, i) => beta1 * value + (1 - beta1) * scale * gradient[i]!);
  const nextV = v.map((value, i) => beta2 * value + (1 - beta2) * (scale * gradient[i]!) ** 2);
  const next = parameter.map((value, i) => {
    const first = nextM[i]! / (1 - beta1 ** step);
    const second = nextV[i]! / (1 - beta2 ** step);
    const decayed = value * (1 - learningRate * weightDecay);
    return decayed - (learningRate * first) / (Math.sqrt(second) + epsilon);
  });
  return { parameter: next, m: nextM, v: nextV };
}
