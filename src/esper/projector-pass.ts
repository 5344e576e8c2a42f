/**
 * The projector's forward and backward passes over R rows, as replayable steps. The features come
 * already divided by `featureDivider`: they are divided once, where they enter the table of pictures
 * (the cosine, their other use, does not mind the length).
 */
import type { Dispatch, KernelRunner } from '../gpu/kernel';
import { columnSum } from '../gpu/kernels/column-sum/column-sum';
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
  readonly steps: readonly Dispatch[];
  destroy(): void;
}

/** From dPrefix [R, P, D] to the gradients of the four tensors, which are overwritten. */
export async function projectorBackward(
  runner: KernelRunner,
  shape: ProjectorShape,
  weights: ProjectorTensors,
  forward: ProjectorForward,
  dPrefix: Tensor,
  gradients: ProjectorTensors,
): Promise<ProjectorBackward> {
  const { gpu } = runner;
  const { E, P, D } = shape;
  const hidden = hiddenWidth(shape);
  const R = forward.features.shape[0] ?? 0;
  const dActivation = new Tensor(gpu, 'dactivation', [R, hidden]);
  const dLinear = new Tensor(gpu, 'dlinear', [R, hidden]);
  const weightGradient = (dout: Tensor, x: Tensor, out: Tensor, from: number, to: number) =>
    matmul(runner, { a: dout, b: x, out, M: to, K: R, N: from, transposeA: true });
  const steps = await Promise.all([
    weightGradient(
      dPrefix,
      forward.activation,
      gradients['clip_project.model.2.weight'],
      hidden,
      P * D,
    ),
    columnSum(runner, { x: dPrefix, out: gradients['clip_project.model.2.bias'] }),
    matmul(runner, {
      a: dPrefix,
      b: weights['clip_project.model.2.weight'],
      out: dActivation,
      M: R,
      K: P * D,
      N: hidden,
    }),
    tanhBackward(runner, { dout: dActivation, y: forward.activation, dx: dLinear }),
    weightGradient(dLinear, forward.features, gradients['clip_project.model.0.weight'], E, hidden),
    columnSum(runner, { x: dLinear, out: gradients['clip_project.model.0.bias'] }),
  ]);
  return {
    steps,
    destroy() {
      for (const step of steps) step.destroy();
      dActivation.destroy();
      dLinear.destroy();
    },
  };
}
