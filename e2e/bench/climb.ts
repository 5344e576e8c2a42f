/** Whether the reward is visibly up soon after the click that starts the training. */
import type { Sample } from './page-run.ts';

/** Seconds from the click. */
export const SOON = 10;
/** Updates whose mean reward is taken, at the beginning and at the end of that time. */
const UPDATES = 3;

export interface Climb {
  seconds: number;
  /** Updates seen in that time. */
  updates: number;
  /** Mean total reward of a caption in the first and in the last updates, with the error of the difference. */
  first: number;
  last: number;
  error: number;
  /** Up by more than twice the error. */
  isPassed: boolean;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Of a mean, from how the values scatter about it. */
function squaredError(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return squares / (values.length - 1) / values.length;
}

/** Undefined where the time held too few updates to compare. */
export function climbOf(samples: readonly Sample[]): Climb | undefined {
  const rewards = samples
    .filter(({ seconds }) => seconds <= SOON)
    .map(({ values }) => values['objective/reward_total']!);
  if (rewards.length < 2 * UPDATES) return undefined;
  const [begin, end] = [rewards.slice(0, UPDATES), rewards.slice(-UPDATES)];
  const [first, last] = [mean(begin), mean(end)];
  const error = Math.sqrt(squaredError(begin) + squaredError(end));
  const isPassed = last - first > 2 * error;
  return { seconds: SOON, updates: rewards.length, first, last, error, isPassed };
}
