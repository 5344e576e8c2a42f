import { expect, it } from 'vitest';
import type { IterationReport } from '../esper/report';
import { metricsOf } from './metrics';

const PPO = {
  policyLoss: 0.1,
  klLoss: 0.02,
  entropyLoss: -0.003,
  nllLoss: 2,
  entropy: 1.5,
  approxKl: 0.01,
  clipFraction: 0.2,
  ratioMean: 1.1,
};
type Step = IterationReport['steps'][number];
const step = (ppo: Partial<Step['ppo']>): Step => ({
  ppo: { ...PPO, ...ppo } as Step['ppo'],
  value: undefined,
  gradNorm: 1,
});
const report = (isWarmStart: boolean, ...steps: Step[]): IterationReport => ({
  update: 3,
  episodes: 192,
  cosine: 0.5,
  reward: 1,
  terms: { clip: 1, kl: 0.1, fluency: 0, repetition: 0 },
  length: 7,
  klCoef: 0.02,
  learningRate: 5e-4,
  isWarmStart,
  steps,
  milliseconds: { rollout: 1, reward: 2, update: 3 },
});

it('takes the means of an update’s steps, and their losses together', () => {
  const { values } = metricsOf(report(false, step({ entropy: 1 }), step({ entropy: 2 })), 0);
  expect(values['objective/entropy']).toBe(1.5);
  expect(values['loss/total']).toBeCloseTo(0.1 + 0.02 - 0.003 + 2, 12);
  expect(Object.values(values).every(Number.isFinite)).toBe(true);
});

it('has gaps where a warm start measures nothing', () => {
  const zeros = { policyLoss: 0, klLoss: 0, entropyLoss: 0, entropy: 0, approxKl: 0 };
  const nothing = step({ ...zeros, clipFraction: 0, ratioMean: 0 });
  const { values } = metricsOf(report(true, nothing), 0);
  const gaps = Object.entries(values).filter(([, value]) => Number.isNaN(value));
  expect(gaps.map(([name]) => name)).toEqual([
    'objective/entropy',
    'loss/policy',
    'loss/value',
    'loss/kl',
    'policy/approx_kl',
    'policy/clip_fraction',
    'policy/ratio_mean',
    'value/explained_variance',
  ]);
  expect(values['loss/nll']).toBe(2);
  expect(values['loss/total']).toBe(2);
});
