/** What changes with the count of updates: the learning rate, and the phases of a warm-up. */
import type { Config } from './config';

/**
 * Linear warm-up, then constant or linear decay to 0. `update` counts from 0; every optimiser step of one
 * update takes the same rate.
 */
export function learningRate(
  { learningRate: peak, warmupUpdates, decayUpdates }: Config,
  update: number,
): number {
  if (update < warmupUpdates) return (peak * (update + 1)) / warmupUpdates;
  if (decayUpdates === 0) return peak;
  return peak * Math.max(0, 1 - (update - warmupUpdates) / decayUpdates);
}

export interface Phase {
  /** What is learnt from is not the sampled responses but texts of a corpus. */
  isWarmStart: boolean;
  /** Responses are the text-only language model's. */
  isBlind: boolean;
  hasPolicyTerm: boolean;
  /** CLIP's reward counts. */
  hasGoal: boolean;
}

/** The released trainer begins with 50 updates of text-only responses, without goal or policy term. */
export const phaseOf = (
  { warmStartUpdates, referenceUntil, policyFrom, goalFrom }: Config,
  update: number,
): Phase => ({
  isWarmStart: update < warmStartUpdates,
  isBlind: update < referenceUntil,
  hasPolicyTerm: update >= policyFrom,
  hasGoal: update >= goalFrom,
});
