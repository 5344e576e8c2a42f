/** What one iteration did, from the few floats that are read back. */
import { REWARD_TERMS } from '../gpu/kernels/reward/reward';
import type { StepStats } from './update';

/** What the GPU tells of an iteration: means over the batch's episodes. */
export interface Figures {
  cosine: number;
  reward: number;
  /** Means of the reward's terms, by the names of `REWARD_TERMS`. */
  terms: Record<(typeof REWARD_TERMS)[number], number>;
  length: number;
  /** Of each optimiser step. */
  steps: StepStats[];
}

export interface IterationReport extends Figures {
  /** Updates done, 1 after the first. */
  update: number;
  episodes: number;
  /** β of this update. */
  klCoef: number;
  learningRate: number;
  /** Learnt from texts: of each step only the likelihood of them was measured. */
  isWarmStart: boolean;
  /**
   * Wall-clock, ms, from one phase's end on the GPU to the next's. A rollout begins where the GPU is done with
   * the update before it, though it may have been submitted earlier; captions between two iterations do not
   * count.
   */
  milliseconds: { rollout: number; reward: number; update: number };
}

/** cosine [B], rewards [B, T], terms [B, 4], lengths [B]. */
export function batchMeans(
  cosine: Float32Array,
  rewards: Float32Array,
  terms: Float32Array,
  lengths: Uint32Array,
): Omit<Figures, 'steps'> {
  const B = lengths.length;
  const T = rewards.length / B;
  const mean = (valueOf: (b: number) => number) => {
    let sum = 0;
    for (let b = 0; b < B; b++) sum += valueOf(b);
    return sum / B;
  };
  return {
    cosine: mean((b) => cosine[b]!),
    reward: mean((b) =>
      rewards.subarray(b * T, b * T + lengths[b]!).reduce((sum, value) => sum + value, 0),
    ),
    terms: Object.fromEntries(
      REWARD_TERMS.map((name, at) => [name, mean((b) => terms[b * REWARD_TERMS.length + at]!)]),
    ) as IterationReport['terms'],
    length: mean((b) => lengths[b]!),
  };
}
