/** The reward of each response token: KL to the reference, CLIP, fluency, repetition. */
import { type Dispatch, f32, type KernelRunner, type Param, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { rowWorkgroups } from '../workgroups';
import workgroupSum from '../workgroup-sum.wgsl?raw';
import code from './reward.wgsl?raw';

/** The columns of `terms`; all but `kl`, in nats, are already weighted. */
export const REWARD_TERMS = ['kl', 'clip', 'fluency', 'repetition'] as const;

export interface RewardWeights {
  /** β, per nat of logp − refLogp. */
  klCoef: number;
  clipWeight: number;
  /** Of the score: where it is the cosine, (cos − bias) · gain has mean 0 and deviation 1 on a first pass. */
  gain: number;
  bias: number;
  fluencyWeight: number;
  repetitionWeight: number;
}

/** `Params` of the weights, for `setParams` when a setting or the calibration changes. */
export function rewardParams(weights: RewardWeights): Record<string, Param> {
  return {
    klCoef: f32(weights.klCoef),
    clipWeight: f32(weights.clipWeight),
    gain: f32(weights.gain),
    bias: f32(weights.bias),
    fluencyWeight: f32(weights.fluencyWeight),
    repetitionWeight: f32(weights.repetitionWeight),
  };
}

/**
 * logp, refLogp, rewards [B, T]; tokens u32 [B, T]; query u32 [B, Q], Q ≥ 0; score [B], such as CLIP's
 * cosine; lengths u32 [B] ≤ T; terms [B, 4], see `REWARD_TERMS`.
 */
export interface Reward {
  logp: Tensor;
  refLogp: Tensor;
  score: Tensor;
  tokens: Tensor;
  query: Tensor;
  lengths: Tensor;
  rewards: Tensor;
  terms: Tensor;
  /** The token that ends a text; never counted as a repetition. */
  endOfText: number;
  weights: RewardWeights;
  /** Counts repeated tokens as ESPER's released code does: never as a penalty. */
  released?: boolean;
}

export function reward(runner: KernelRunner, args: Reward): Promise<Dispatch> {
  const B = args.lengths.size;
  const T = args.logp.size / B;
  const Q = args.query.size / B;
  return runner.prepare({
    label: 'reward',
    code: workgroupSum + code,
    overrides: { TEXT: Q + T },
    inputs: [args.logp, args.refLogp, args.score, args.tokens, args.query, args.lengths],
    outputs: [args.rewards, args.terms],
    params: {
      B: u32(B),
      T: u32(T),
      Q: u32(Q),
      endOfText: u32(args.endOfText),
      ...rewardParams(args.weights),
      released: u32(Number(args.released ?? false)),
    },
    workgroups: rowWorkgroups(B),
  });
}
