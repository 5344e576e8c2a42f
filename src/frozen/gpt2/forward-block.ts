/**
 * One GPT-2 block's forward pass on our own kernels, for the pass that is differentiated and for decoding.
 * Letters: M = B · L rows, D width, I = 4D inner width, H heads.
 */
import type { KernelRunner, Prepared } from '../../gpu/kernel';
import { layernormForward } from '../../gpu/kernels/layernorm/layernorm';
import type { Epilogue } from '../../gpu/kernels/matmul/epilogue';
import { matmul } from '../../gpu/kernels/matmul/matmul';
import type { Tensor } from '../../gpu/tensor';
import type { Gpt2Block } from './weights';

export interface BlockSizes {
  B: number;
  L: number;
  D: number;
  H: number;
  epsilon: number;
}

/** What the block writes; `out` may be x itself where no backward pass follows. */
export interface BlockActivations {
  x: Tensor; // [B, L, D]
  mean1: Tensor; // [B, L]
  rstd1: Tensor;
  qkv: Tensor; // [B, L, 3D]
  attended: Tensor; // [B, L, D]
  middle: Tensor; // [B, L, D], the stream between attention and MLP
  mean2: Tensor; // [B, L]
  rstd2: Tensor;
  inner: Tensor; // [B, L, I], before GELU
  out: Tensor; // [B, L, D]
}

/** What no later pass reads: `branch` [B, L, D] a normalised input, `activated` [B, L, I] GELU's output. */
export interface ForwardScratch {
  branch: Tensor;
  activated: Tensor;
}

export type LinearLayer = 'attn.c_attn' | 'attn.c_proj' | 'mlp.c_fc' | 'mlp.c_proj';

/**
 * The block's dispatches in order.
 * @param attend what writes `attended` from `qkv`
 */
export async function forwardBlock(
  runner: KernelRunner,
  weights: Gpt2Block,
  { B, L, epsilon }: BlockSizes,
  { x, mean1, rstd1, qkv, attended, middle, mean2, rstd2, inner, out }: BlockActivations,
  { branch, activated }: ForwardScratch,
  attend: readonly Promise<Prepared>[],
): Promise<Prepared[]> {
  /** Conv1D: output = input · weight + bias, and what else is to be done with it. */
  const linear = (
    layer: LinearLayer,
    input: Tensor,
    output: Tensor,
    epilogue: Pick<Epilogue, 'residual' | 'preActivation'> = {},
  ) =>
    matmul(runner, {
      a: input,
      b: weights[`${layer}.weight`],
      bias: weights[`${layer}.bias`],
      out: output,
      M: B * L,
      K: input.size / (B * L),
      N: output.size / (B * L),
      ...epilogue,
    });
  const norm = (layer: 'ln_1' | 'ln_2', stream: Tensor, mean: Tensor, rstd: Tensor) =>
    layernormForward(runner, {
      x: stream,
      gamma: weights[`${layer}.weight`],
      beta: weights[`${layer}.bias`],
      out: branch,
      mean,
      rstd,
      epsilon,
    });
  return Promise.all([
    norm('ln_1', x, mean1, rstd1),
    linear('attn.c_attn', branch, qkv),
    ...attend,
    linear('attn.c_proj', attended, middle, { residual: x }),
    norm('ln_2', middle, mean2, rstd2),
    linear('mlp.c_fc', branch, activated, { preActivation: inner }),
    linear('mlp.c_proj', activated, out, { residual: middle }),
  ]);
}
