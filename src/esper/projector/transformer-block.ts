/**
 * One block of the transformer mapper, forward:
 *   y = x + project(attention(norm1(x))),  out = y + fc2(relu(fc1(norm2(y))))
 * Self-attention without a mask; queries, keys and values have no bias. Letters: R pictures, C positions,
 * M = R · C rows, D width.
 */
import type { KernelRunner, Prepared } from '../../gpu/kernel';
import { attentionForward } from '../../gpu/kernels/attention/attention';
import { columns } from '../../gpu/kernels/columns/columns';
import { layernormForward } from '../../gpu/kernels/layernorm/layernorm';
import { matmul } from '../../gpu/kernels/matmul/matmul';
import { reluForward } from '../../gpu/kernels/relu/relu';
import type { Tensor } from '../../gpu/tensor';
import type { ProjectorTensors, Workbench } from './pass';
import { blockName, MLP_RATIO } from './tensors';

/** torch.nn.LayerNorm's. */
const EPSILON = 1e-5;

export interface BlockSizes {
  R: number;
  C: number;
  D: number;
  heads: number;
}

/** Floats of a block for each float of a row, without what is a row's own (norms, lse). */
export const BLOCK_FLOATS = { forward: 11 + 2 * MLP_RATIO, backward: 11 + 2 * MLP_RATIO };

/** What a norm leaves: out [M, D]; mean, rstd [M]. */
export interface Normalized {
  input: Tensor;
  out: Tensor;
  mean: Tensor;
  rstd: Tensor;
}

/** A block's forward pass and what its backward pass reads. */
export interface TransformerBlock {
  layer: number;
  /** [M, D] */
  out: Tensor;
  norm1: Normalized;
  /** [M, 3D] */
  qkv: Tensor;
  /** [M, D] */
  attended: Tensor;
  /** [R, heads, C] */
  lse: Tensor;
  norm2: Normalized;
  /** [M, MLP_RATIO · D], after the rectifier. */
  activation: Tensor;
  steps: readonly Prepared[];
}

/** @param x [M, D], in any shape of that size */
export async function transformerBlock(
  runner: KernelRunner,
  weights: ProjectorTensors,
  layer: number,
  { R, C, D, heads }: BlockSizes,
  bench: Workbench,
  x: Tensor,
): Promise<TransformerBlock> {
  const M = R * C;
  const rows = (label: string, width: number) => bench.tensor(label, [M, width]);
  const weight = (part: string) => weights[blockName(layer, part)]!;
  /** PyTorch's Linear, of which only some have a bias here. */
  const linear = (part: string, a: Tensor, y: Tensor, residual?: Tensor) => {
    const bias = weights[blockName(layer, `${part}.bias`)];
    return matmul(runner, {
      a,
      b: weight(`${part}.weight`),
      out: y,
      M,
      K: a.size / M,
      N: y.size / M,
      transposeB: true,
      ...(bias && { bias }),
      ...(residual && { residual }),
    });
  };
  const normalized = (part: string, input: Tensor): Normalized => ({
    input,
    out: rows(part, D),
    mean: bench.tensor(`${part} mean`, [M]),
    rstd: bench.tensor(`${part} rstd`, [M]),
  });
  const normalize = (part: string, { input, out: y, mean, rstd }: Normalized) =>
    layernormForward(runner, {
      x: input,
      gamma: weight(`${part}.weight`),
      beta: weight(`${part}.bias`),
      out: y,
      mean,
      rstd,
      epsilon: EPSILON,
    });
  const norm1 = normalized('norm1', x);
  const queries = rows('queries', D);
  const keysValues = rows('keys and values', 2 * D);
  const qkv = rows('qkv', 3 * D);
  const attended = rows('attended', D);
  const lse = bench.tensor('lse', [R, heads, C]);
  const middle = rows('middle', D);
  const norm2 = normalized('norm2', middle);
  const inner = rows('inner', MLP_RATIO * D);
  const activation = rows('activation', MLP_RATIO * D);
  const out = rows('out', D);
  const steps = await bench.dispatches([
    normalize('norm1', norm1),
    linear('attn.to_queries', norm1.out, queries),
    linear('attn.to_keys_values', norm1.out, keysValues),
    columns(runner, { source: queries, out: qkv, from: 0, to: 0, count: D }),
    columns(runner, { source: keysValues, out: qkv, from: 0, to: D, count: 2 * D }),
    attentionForward(runner, { qkv, out: attended, lse, causal: false }),
    linear('attn.project', attended, middle, x),
    normalize('norm2', norm2),
    linear('mlp.fc1', norm2.out, inner),
    reluForward(runner, { x: inner, y: activation }),
    linear('mlp.fc2', activation, out, middle),
  ]);
  return { layer, out, norm1, qkv, attended, lse, norm2, activation, steps };
}
