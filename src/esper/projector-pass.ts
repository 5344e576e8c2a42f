/**
 * The projector's forward and backward passes over R rows, as replayable steps. The features come
 * already divided by `featureDivider`: they are divided once, where they enter the table of pictures
 * (the cosine, their other use, does not mind the length).
 */
import type { Dispatch, KernelRunner } from '../gpu/kernel';
import { columnSum } from '../gpu/kernels/column-sum/column-sum';
import type { Gradient } from '../gpu/kernels/gradient';
import { matmul } from '../gpu/kernels/matmul/matmul';
import { tanhBackward, tanhForward } from '../gpu/kernels/tanh/tanh';
import { Tensor } from '../gpu/tensor';
import { hiddenWidth, type ProjectorName, type ProjectorShape } from './projector';

export type ProjectorTensors = Readonly<Record<ProjectorName, Tensor>>;

export interface ProjectorForward {
  /** [R, E], divided CLIP features; the caller fills it. */
  readonly features: Tensor;
  /** [R, hidden], after the tanh. */
  readonly activation: Tensor;
  /** [R, P, D], written by `steps`. */
  readonly prefix: Tensor;
  readonly steps: readonly Dispatch[];
  destroy(): void;
}

export async function projectorForward(
  runner: KernelRunner,
  shape: ProjectorShape,
  weights: ProjectorTensors,
  R: number,
  prefix: Tensor,
): Promise<ProjectorForward> {
  const { gpu } = runner;
  const { E, P, D } = shape;
  const hidden = hiddenWidth(shape);
  const features = new Tensor(gpu, 'features', [R, E]);
  const linear = new Tensor(gpu, 'projector linear', [R, hidden]);
  const activation = new Tensor(gpu, 'projector activation', [R, hidden]);
  const steps = await Promise.all([
    matmul(runner, {
      a: features,
      b: weights['clip_project.model.0.weight'],
      bias: weights['clip_project.model.0.bias'],
      out: linear,
      M: R,
      K: E,
      N: hidden,
      transposeB: true,
    }),
    tanhForward(runner, { x: linear, y: activation }),
    matmul(runner, {
      a: activation,
      b: weights['clip_project.model.2.weight'],
      bias: weights['clip_project.model.2.bias'],
      out: prefix,
      M: R,
      K: hidden,
      N: P * D,
      transposeB: true,
    }),
  ]);
  return {
    features,
    activation,
    prefix,
    steps,
    destroy() {
      for (const step of steps) step.destroy();
      for (const tensor of [features, linear, activation]) tensor.destroy();
    },
  };
}

export interface ProjectorBackward {
  /** Of the four tensors: the matrices' as products of what the two passes leave, the biases' as sums. */
  readonly gradients: Readonly<Record<ProjectorName, Gradient>>;
  readonly steps: readonly Dispatch[];
  destroy(): void;
}

/** From dPrefix [R, P, D], and the forward pass that ran last, to the gradients. */
export async function projectorBackward(
  runner: KernelRunner,
  shape: ProjectorShape,
  weights: ProjectorTensors,
  forward: ProjectorForward,
  dPrefix: Tensor,
): Promise<ProjectorBackward> {
  const { gpu } = runner;
  const { P, D } = shape;
  const hidden = hiddenWidth(shape);
  const R = forward.features.shape[0] ?? 0;
  const dActivation = new Tensor(gpu, 'dactivation', [R, hidden]);
  const dLinear = new Tensor(gpu, 'dlinear', [R, hidden]);
  const dBias0 = new Tensor(gpu, 'dbias 0', [hidden]);
  const dBias2 = new Tensor(gpu, 'dbias 2', [P * D]);
  const steps = await Promise.all([
    columnSum(runner, { x: dPrefix, out: dBias2 }),
    matmul(runner, {
      a: dPrefix,
      b: weights['clip_project.model.2.weight'],
      out: dActivation,
      M: R,
      K: P * D,
      N: hidden,
    }),
    tanhBackward(runner, { dout: dActivation, y: forward.activation, dx: dLinear }),
    columnSum(runner, { x: dLinear, out: dBias0 }),
  ]);
  return {
    gradients: {
      'clip_project.model.0.weight': { dout: dLinear, x: forward.features },
      'clip_project.model.0.bias': dBias0,
      'clip_project.model.2.weight': { dout: dPrefix, x: forward.activation },
      'clip_project.model.2.bias': dBias2,
    },
    steps,
    destroy() {
      for (const step of steps) step.destroy();
      for (const tensor of [dActivation, dLinear, dBias0, dBias2]) tensor.destroy();
    },
  };
}
