/**
 * One block of the transformer mapper, backward: the gradient of its input and of each of its tensors.
 * Letters as in transformer-block.ts.
 */
import { Copy } from '../../gpu/copies';
import type { KernelRunner, Step } from '../../gpu/kernel';
import { attentionBackward } from '../../gpu/kernels/attention/attention';
import { columns } from '../../gpu/kernels/columns/columns';
import type { Gradient } from '../../gpu/kernels/gradient';
import { layernormBackward, layernormParameters } from '../../gpu/kernels/layernorm/layernorm';
import { matmul } from '../../gpu/kernels/matmul/matmul';
import { reluBackward } from '../../gpu/kernels/relu/relu';
import type { Tensor } from '../../gpu/tensor';
import type { ProjectorTensors, Workbench } from './pass';
import { blockName, MLP_RATIO } from './tensors';
import type { Normalized, TransformerBlock } from './transformer-block';

export interface BlockBackward {
  /** [M, D] */
  dx: Tensor;
  steps: readonly Step[];
  gradients: ReadonlyMap<string, Gradient>;
}

/**
 * @param block whose forward pass ran last
 * @param dout [M, D], which stays as it is
 * @param bench owns what is made
 */
export async function blockBackward(
  runner: KernelRunner,
  weights: ProjectorTensors,
  { layer, norm1, qkv, attended, lse, norm2, activation }: TransformerBlock,
  dout: Tensor,
  bench: Workbench,
): Promise<BlockBackward> {
  const [M = 0, D = 0] = dout.shape;
  const gradients = new Map<string, Gradient>();
  const rows = (label: string, width: number) => bench.tensor(label, [M, width]);
  const weight = (part: string) => weights[blockName(layer, part)]!;
  const parameter = (part: string, size: number) => {
    const gradient = bench.tensor(`d ${part}`, [size]);
    gradients.set(blockName(layer, part), gradient);
    return gradient;
  };
  /** dx = dy · W, and the gradients of W and, where there is one, its bias. */
  const linear = (part: string, dy: Tensor, x: Tensor, dx: Tensor, accumulate = false) => {
    gradients.set(blockName(layer, `${part}.weight`), { dout: dy, x });
    const sizes = { M, K: dy.size / M, N: dx.size / M };
    const product = { a: dy, b: weight(`${part}.weight`), out: dx, accumulate };
    if (weights[blockName(layer, `${part}.bias`)])
      gradients.set(blockName(layer, `${part}.bias`), { rows: dy, R: M });
    return matmul(runner, { ...product, ...sizes });
  };
  /** Adds to dx, which has the gradient that passed by the branch. */
  const norm = (part: string, { input: x, mean, rstd }: Normalized, dy: Tensor, dx: Tensor) => {
    const given = { dout: dy, x, mean, rstd };
    const dgamma = parameter(`${part}.weight`, D);
    const dbeta = parameter(`${part}.bias`, D);
    return [
      layernormParameters(runner, { ...given, dgamma, dbeta }),
      layernormBackward(runner, {
        ...given,
        gamma: weight(`${part}.weight`),
        dinp: dx,
        accumulate: true,
      }),
    ];
  };
  const dActivation = rows('dactivation', MLP_RATIO * D);
  const dInner = rows('dinner', MLP_RATIO * D);
  const dNorm2 = rows('dnorm2', D);
  const dMiddle = rows('dmiddle', D);
  const dAttended = rows('dattended', D);
  const dQkv = rows('dqkv', 3 * D);
  const dQueries = rows('dqueries', D);
  const dKeysValues = rows('dkeys and dvalues', 2 * D);
  const dNorm1 = rows('dnorm1', D);
  const dx = rows('dx', D);
  const delta = bench.tensor('delta', lse.shape);
  const steps = await bench.dispatches([
    linear('mlp.fc2', dout, activation, dActivation),
    reluBackward(runner, { dout: dActivation, y: activation, dx: dInner }),
    linear('mlp.fc1', dInner, norm2.out, dNorm2),
    ...norm('norm2', norm2, dNorm2, dMiddle),
    linear('attn.project', dMiddle, attended, dAttended),
    attentionBackward(runner, {
      qkv,
      out: attended,
      lse,
      dout: dAttended,
      dqkv: dQkv,
      delta,
      causal: false,
    }),
    columns(runner, { source: dQkv, out: dQueries, from: 0, to: 0, count: D }),
    columns(runner, { source: dQkv, out: dKeysValues, from: D, to: 0, count: 2 * D }),
    linear('attn.to_queries', dQueries, norm1.out, dNorm1),
    linear('attn.to_keys_values', dKeysValues, norm1.out, dNorm1, true),
  ]);
  const last = await bench.dispatches(norm('norm1', norm1, dNorm1, dx));
  return {
    dx,
    gradients,
    steps: [new Copy(dout, dMiddle), ...steps, new Copy(dMiddle, dx), ...last],
  };
}
