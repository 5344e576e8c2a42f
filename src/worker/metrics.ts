/** An iteration's report under the names that people know (shared/esper.md). */
import type { IterationReport } from '../esper/report';
import type { StepStats } from '../esper/update';
import type { Metrics, MetricName } from './protocol';

export function metricsOf(report: IterationReport, gpuBytes: number): Metrics {
  const { steps, terms, milliseconds } = report;
  const mean = (valueOf: (step: StepStats) => number) =>
    steps.reduce((sum, step) => sum + valueOf(step), 0) / steps.length;
  /** Not a number, which a curve shows as a gap, where a warm start measured nothing. */
  const ofPolicy = (valueOf: (step: StepStats) => number) =>
    report.isWarmStart ? Number.NaN : mean(valueOf);
  const policyLoss = ofPolicy(({ ppo }) => ppo.policyLoss);
  const klLoss = ofPolicy(({ ppo }) => ppo.klLoss);
  const nllLoss = mean(({ ppo }) => ppo.nllLoss);
  const valueLoss = ofPolicy(({ value }) => value?.valueLoss ?? 0);
  const entropyLoss = ofPolicy(({ ppo }) => ppo.entropyLoss);
  const values: Record<MetricName, number> = {
    'objective/clip_cos_sim': report.cosine,
    'objective/reward_total': report.reward,
    'objective/reward_pair': terms.clip,
    'objective/reward_fluency': terms.fluency,
    'objective/reward_repetition': terms.repetition,
    'objective/kl': terms.kl,
    'objective/kl_coef': report.klCoef,
    'objective/entropy': ofPolicy(({ ppo }) => ppo.entropy),
    'objective/length': report.length,
    'loss/policy': policyLoss,
    'loss/value': valueLoss,
    'loss/kl': klLoss,
    'loss/nll': nllLoss,
    'loss/total': report.isWarmStart
      ? nllLoss
      : policyLoss + klLoss + valueLoss + nllLoss + entropyLoss,
    'policy/approx_kl': ofPolicy(({ ppo }) => ppo.approxKl),
    'policy/clip_fraction': ofPolicy(({ ppo }) => ppo.clipFraction),
    'policy/ratio_mean': ofPolicy(({ ppo }) => ppo.ratioMean),
    'value/explained_variance': ofPolicy(({ value }) => value?.explainedVariance ?? 0),
    grad_norm: mean(({ gradNorm }) => gradNorm),
    lr: report.learningRate,
    step_ms: milliseconds.rollout + milliseconds.reward + milliseconds.update,
    'step_ms/rollout': milliseconds.rollout,
    'step_ms/reward': milliseconds.reward,
    'step_ms/update': milliseconds.update,
    gpu_bytes: gpuBytes,
  };
  return { update: report.update, episodes: report.episodes, values };
}
