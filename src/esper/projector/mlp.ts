/**
 * Linear layers with tanh between them: h = tanh(W1·(f / divider) + b1), …, p = Wn·h + bn (arXiv 2205.12630,
 * section 3; the released trainer's clip_project). `mlp` is hidden D·P / 2 wide and makes [P, D]; `deep` is
 * hidden E wide and makes [P, N, 2, D], keys and values of every LM layer; `linear` has one layer.
 */
import type { KernelRunner } from '../../gpu/kernel';
import type { Gradient } from '../../gpu/kernels/gradient';
import { matmul } from '../../gpu/kernels/matmul/matmul';
import { tanhBackward, tanhForward } from '../../gpu/kernels/tanh/tanh';
import type { Tensor } from '../../gpu/tensor';
import {
  type ProjectorBackward,
  type ProjectorForward,
  type ProjectorTensors,
  type RowFloats,
  Workbench,
} from './pass';
import type { ProjectorShape } from './shape';
import { hiddenWidth, layerName } from './tensors';

export function mlpRowFloats(shape: ProjectorShape): RowFloats {
  const hidden = 2 * shape.layers * hiddenWidth(shape); // before and after the tanh
  return { forward: shape.E + hidden, backward: hidden };
}

export async function mlpForward(
  runner: KernelRunner,
  shape: ProjectorShape,
  weights: ProjectorTensors,
  R: number,
  prefix: Tensor,
): Promise<ProjectorForward> {
  const bench = new Workbench(runner.gpu);
  const features = bench.tensor('features', [R, shape.E]);
  const hidden = Array.from({ length: shape.layers }, () => ({
    linear: bench.tensor('linear', [R, hiddenWidth(shape)]),
    activation: bench.tensor('activation', [R, hiddenWidth(shape)]),
  }));
  /** What each layer reads. */
  const inputs = [features, ...hidden.map(({ activation }) => activation)];
  const layer = (index: number, out: Tensor) =>
    matmul(runner, {
      a: inputs[index]!,
      b: weights[`${layerName(index)}.weight`]!,
      bias: weights[`${layerName(index)}.bias`]!,
      out,
      M: R,
      K: inputs[index]!.size / R,
      N: out.size / R,
      transposeB: true,
    });
  const steps = await bench.dispatches([
    ...hidden.flatMap(({ linear, activation }, index) => [
      layer(index, linear),
      tanhForward(runner, { x: linear, y: activation }),
    ]),
    layer(shape.layers, prefix),
  ]);
  return {
    features,
    prefix,
    steps,
    backward: (dPrefix) => mlpBackward(runner, weights, inputs, dPrefix),
    destroy: () => bench.destroy(),
  };
}

/** @param inputs of each layer, [R, in] */
async function mlpBackward(
  runner: KernelRunner,
  weights: ProjectorTensors,
  inputs: readonly Tensor[],
  dPrefix: Tensor,
): Promise<ProjectorBackward> {
  const bench = new Workbench(runner.gpu);
  const R = inputs[0]!.shape[0]!;
  const gradients = new Map<string, Gradient>();
  const prepared = [];
  let dout = dPrefix;
  for (const [index, x] of [...inputs.entries()].toReversed()) {
    gradients.set(`${layerName(index)}.weight`, { dout, x });
    gradients.set(`${layerName(index)}.bias`, { rows: dout, R });
    if (index === 0) break;
    const dActivation = bench.tensor('dactivation', x.shape);
    const dLinear = bench.tensor('dlinear', x.shape);
    prepared.push(
      matmul(runner, {
        a: dout,
        b: weights[`${layerName(index)}.weight`]!,
        out: dActivation,
        M: R,
        K: dout.size / R,
        N: x.size / R,
      }),
      tanhBackward(runner, { dout: dActivation, y: x, dx: dLinear }),
    );
    dout = dLinear;
  }
  const steps = await bench.dispatches(prepared);
  return { gradients, steps, destroy: () => bench.destroy() };
}
