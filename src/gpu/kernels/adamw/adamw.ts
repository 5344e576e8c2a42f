/** AdamW on one parameter, in place, as torch.optim.AdamW does it. */
import { type Dispatch, f32, type KernelRunner, type Param, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { asSum, type Gradient, isProduct, productSizes } from '../gradient';
import { lanesOf } from '../lanes/lanes';
import { elementWorkgroups } from '../workgroups';
import elementCode from './adamw.wgsl?raw';
import productRowsCode from '../product.wgsl?raw';
import productCode from './product.wgsl?raw';
import ruleCode from './rule.wgsl?raw';

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
 * gradient, parameter, m, v of one shape, or the gradient as a sum or product; scale [1] and nonFinite u32 [1] from
 * `gradNorm`. Where nonFinite is set, parameter, m and v stay as they are.
 */
export interface Adamw {
  gradient: Gradient;
  parameter: Tensor;
  m: Tensor;
  v: Tensor;
  scale: Tensor;
  nonFinite: Tensor;
  settings: AdamwSettings;
}

export function adamw(runner: KernelRunner, args: Adamw): Promise<Dispatch> {
  const { gradient, parameter, m, v, scale, nonFinite } = args;
  const product = isProduct(gradient);
  const sizes = product
    ? productSizes(gradient)
    : { R: asSum(gradient).R, out: 1, in: parameter.size };
  const lanes = lanesOf(sizes.in);
  return runner.prepare({
    label: `adamw ${parameter.label}`,
    code: lanes.code + ruleCode + (product ? productRowsCode + productCode : elementCode),
    overrides: product ? {} : { WORKGROUP },
    inputs: [scale, nonFinite, ...(product ? [gradient.dout, gradient.x] : [asSum(gradient).rows])],
    outputs: [parameter, m, v],
    params: {
      rows: u32(sizes.out),
      columns: u32(lanes.count),
      R: u32(sizes.R),
      ...adamwParams(args.settings),
    },
    workgroups: product
      ? [Math.ceil(lanes.count / 8), Math.ceil(sizes.out / 32)]
      : elementWorkgroups(lanes.count, WORKGROUP),
  });
}
