/** PPO's loss on one minibatch, and its gradients for log-probability, entropy and KL of each token. */
import { type Dispatch, f32, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import workgroupSum from '../workgroup-sum.wgsl?raw';
import likelihoodCode from './likelihood.wgsl?raw';
import policyCode from './policy.wgsl?raw';
import regularizersCode from './regularizers.wgsl?raw';

/** The columns of `stats`. Losses are weighted as they enter the total; the rest are plain means. */
export const PPO_STATS = [
  /** mean(max(−A·ρ, −A·clamp(ρ, 1 ± ε))). */
  'policyLoss',
  /** mean((ρ − 1) − log ρ), nats. */
  'approxKl',
  /** Share of tokens whose clipped term is the larger: they have no gradient. */
  'clipFraction',
  'ratioMean',
  /** Valid tokens of the minibatch. */
  'tokens',
  'klLoss',
  'entropyLoss',
  /** Mean entropy of a token, nats. */
  'entropy',
  /** Mean full-vocabulary KL of a token to the reference, nats. */
  'kl',
  /** coef · mean over episodes of max(0, Σ −log-prob − threshold). */
  'nllLoss',
] as const;

/**
 * newLogp, entropy, kl [R, T] are the minibatch's own; oldLogp, advantage [B, T] and lengths u32 [B] are
 * the whole batch's, picked by rows u32 [R] < B. Gradients dlogp, dentropy, dkl [R, T].
 * stats [S, PPO_STATS.length] collects a row for every minibatch, so that one read-back serves a whole
 * update.
 */
export interface PpoLoss {
  newLogp: Tensor;
  entropy: Tensor;
  kl: Tensor;
  oldLogp: Tensor;
  advantage: Tensor;
  lengths: Tensor;
  rows: Tensor;
  dlogp: Tensor;
  dentropy: Tensor;
  dkl: Tensor;
  stats: Tensor;
  /** Row of `stats` to write; 0 unless given. */
  statsRow?: number;
  clipRange: number;
  /** Of the policy term. */
  policyCoef: number;
  klLossCoef: number;
  /** Nats. */
  klLossThreshold: number;
  entropyCoef: number;
  nllCoef: number;
  /** Nats of a whole response. */
  nllThreshold: number;
}

/** Three kernels, for eight storage bindings are all that a device need have; in this order. */
export interface PpoLossDispatches {
  /** Params `statsRow`, `clipRange`, `coef`. */
  policy: Dispatch;
  /** Params `statsRow`, `klLossCoef`, `klLossThreshold`, `entropyCoef`. */
  regularizers: Dispatch;
  /** Params `statsRow`, `coef`, `threshold`. */
  likelihood: Dispatch;
}

export async function ppoLoss(runner: KernelRunner, args: PpoLoss): Promise<PpoLossDispatches> {
  const R = args.rows.size;
  const sizes = {
    R: u32(R),
    T: u32(args.newLogp.size / R),
    statsRow: u32(args.statsRow ?? 0),
  };
  const overrides = { STATS: PPO_STATS.length };
  const [policy, regularizers, likelihood] = await Promise.all([
    runner.prepare({
      label: 'ppo policy loss',
      code: workgroupSum + policyCode,
      overrides,
      inputs: [args.newLogp, args.oldLogp, args.advantage, args.lengths, args.rows],
      outputs: [args.dlogp, args.stats],
      params: { ...sizes, clipRange: f32(args.clipRange), coef: f32(args.policyCoef) },
      workgroups: [1],
    }),
    runner.prepare({
      label: 'ppo kl and entropy loss',
      code: workgroupSum + regularizersCode,
      overrides,
      inputs: [args.entropy, args.kl, args.lengths, args.rows],
      outputs: [args.dentropy, args.dkl, args.stats],
      params: {
        ...sizes,
        klLossCoef: f32(args.klLossCoef),
        klLossThreshold: f32(args.klLossThreshold),
        entropyCoef: f32(args.entropyCoef),
      },
      workgroups: [1],
    }),
    runner.prepare({
      label: 'ppo likelihood loss',
      code: workgroupSum + likelihoodCode,
      overrides,
      inputs: [args.newLogp, args.lengths, args.rows],
      outputs: [args.dlogp, args.stats],
      params: {
        ...sizes,
        coef: f32(args.nllCoef),
        threshold: f32(args.nllThreshold),
      },
      workgroups: [1],
    }),
  ]);
  return { policy, regularizers, likelihood };
}
