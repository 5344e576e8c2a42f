/** How much better a token did than expected: by the other samples of its picture, or by a value. */
import { type Dispatch, f32, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { elementWorkgroups, rowWorkgroups } from '../workgroups';
import workgroupSum from '../workgroup-sum.wgsl?raw';
import gaeCode from './gae.wgsl?raw';
import grpoCode from './grpo.wgsl?raw';
import rlooCode from './rloo.wgsl?raw';

const WORKGROUP = 64;

/**
 * rewards, out [B, T]; lengths u32 [B] ≤ T; episode b is sample b mod K of picture ⌊b / K⌋, and B is a
 * multiple of K ≥ 2.
 */
export interface SamplesOfAPicture {
  rewards: Tensor;
  lengths: Tensor;
  out: Tensor;
  samplesPerImage: number;
}

export const rloo = (runner: KernelRunner, args: SamplesOfAPicture): Promise<Dispatch> =>
  amongSamples(runner, 'rloo', rlooCode, args);

/** Normalised over the samples: not to be whitened again. */
export const grpo = (runner: KernelRunner, args: SamplesOfAPicture): Promise<Dispatch> =>
  amongSamples(runner, 'grpo', grpoCode, args);

async function amongSamples(
  runner: KernelRunner,
  label: string,
  code: string,
  args: SamplesOfAPicture,
): Promise<Dispatch> {
  const B = args.lengths.size;
  const K = args.samplesPerImage;
  if (K < 2 || B % K !== 0)
    throw new RangeError(`${label}: ${B} episodes do not split into pictures of ${K} ≥ 2 samples`);
  return runner.prepare({
    label,
    code: workgroupSum + code,
    inputs: [args.rewards, args.lengths],
    outputs: [args.out],
    params: { B: u32(B), T: u32(args.rewards.size / B), K: u32(K) },
    workgroups: rowWorkgroups(B / K),
  });
}

/** rewards, values, advantages, returns [B, T]; lengths u32 [B] ≤ T. Params `gamma`, `lambda`. */
export interface Gae {
  rewards: Tensor;
  values: Tensor;
  lengths: Tensor;
  advantages: Tensor;
  returns: Tensor;
  gamma: number;
  lambda: number;
}

export function gae(runner: KernelRunner, args: Gae): Promise<Dispatch> {
  const B = args.lengths.size;
  return runner.prepare({
    label: 'gae',
    code: gaeCode,
    overrides: { WORKGROUP },
    inputs: [args.rewards, args.values, args.lengths],
    outputs: [args.advantages, args.returns],
    params: {
      B: u32(B),
      T: u32(args.rewards.size / B),
      gamma: f32(args.gamma),
      lambda: f32(args.lambda),
    },
    workgroups: elementWorkgroups(B, WORKGROUP),
  });
}
