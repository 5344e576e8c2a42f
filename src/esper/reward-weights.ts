/** The reward's weights as they hold for one update. */
import type { RewardWeights } from '../gpu/kernels/reward/reward';
import type { Config } from './config';
import { compileReward, type Response } from './reward-expression';
import type { Calibration } from './run-state';
import type { Phase } from './schedule';

export function rewardWeights(
  config: Config,
  { hasGoal }: Phase,
  firstPass: Calibration,
  klCoef: number,
): RewardWeights {
  const { clipCalibration, clipGain, clipBias, clipWeight } = config;
  const { fluencyWeight, repetitionWeight } = config;
  return {
    ...(clipCalibration === 'given' ? { gain: clipGain, bias: clipBias } : firstPass),
    klCoef,
    clipWeight: hasGoal ? clipWeight : 0,
    fluencyWeight,
    repetitionWeight,
  };
}

/** The person's own reward, which takes the place of CLIP's; undefined where there is none. */
export function rewardOf({
  rewardExpression,
}: Config): ((response: Response) => number) | undefined {
  if (rewardExpression === '') return undefined;
  const compiled = compileReward(rewardExpression);
  return compiled.ok ? compiled.value : undefined; // parseConfig has refused what does not compile
}
