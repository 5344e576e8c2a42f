/** AdamW on one tensor, in place, as torch.optim.AdamW does it. */
import { type Dispatch, f32, type KernelRunner, type Param, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { elementWorkgroups } from '../workgroups';
import code from './adamw.wgsl?raw';

const WORKGROUP = 64;

export interface AdamwSettings {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** From 1: the step that is about to be taken. */
  step: number;
}

/** `Params` of the settings, for `setParams` before each step. */
export function adamwParams(settings: AdamwSettings): Record<string, Param> {
  const { learningRate, beta1, beta2, epsilon, weightDecay, step } = settings;
  return {
    decay: f32(1 - learningRate * weightDecay),
    oneMinusBeta1: f32(1 - beta1),
    beta2: f32(beta2),
    oneMinusBeta2: f32(1 - beta2),
    stepSize: f32(learningRate / (1 - beta1 ** step)),
    rootCorrection2: f32(Math.sqrt(1 - beta2 ** step)),
    epsilon: f32(epsilon),
  };
}

/**
 * gradient, parameter, m, v of one shape; scale [1] and nonFinite u32 [1] from `gradNorm`. Where
 * nonFinite is set, parameter, m and v stay as they are.
 */
export interface Adamw {
  gradient: Tensor;
  parameter: Tensor;
  m: Tensor;
  v: Tensor;
  scale: Tensor;
  nonFinite: Tensor;
  settings: AdamwSettings;
}

export function adamw(runner: KernelRunner, args: Adamw): Promise<Dispatch> {
  const n = args.parameter.size;
  return runner.prepare({
    label: `adamw ${args.parameter.label}`,
    code,
    overrides: { WORKGROUP },
    inputs: [args.gradient, args.scale, args.nonFinite],
    outputs: [args.parameter, args.m, args.v],
    params: { n: u32(n), ...adamwParams(args.settings) },
    workgroups: elementWorkgroups(n, WORKGROUP),
  });
}
