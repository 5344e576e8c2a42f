/**
 * One GPT-2 block's forward pass on our own kernels, for the pass that is differentiated and for decoding.
 * Letters: B sequences of L positions, of which the last N go on after attention; D width, I = 4D inner width, H heads.
 */
import type { KernelRunner, Prepared } from '../../gpu/kernel';
import { layernormForward } from '../../gpu/kernels/layernorm/layernorm';
import type { Epilogue } from '../../gpu/kernels/matmul/epilogue';
import { matmul } from '../../gpu/kernels/matmul/matmul';
import type { Tensor } from '../../gpu/tensor';
import type { Gpt2Block } from './weights';

/** What the block writes; `out` may be x itself where no backward pass follows. */
export interface BlockActivations {
  x: Tensor; // [B, L, D]
  mean1: Tensor; // [B, L]
  rstd1: Tensor;
  qkv: Tensor; // [B, L, 3D]
  attended: Tensor; // [B, N, D]
  passing: Tensor; // [B, N, D], of x: x itself where N is L
  middle: Tensor; // [B, N, D], the stream between attention and MLP
  mean2: Tensor; // [B, N]
  rstd2: Tensor;
  inner: Tensor; // [B, N, I], before GELU
  out: Tensor; // [B, N, D]
}

/** What no later pass reads; the first two may be one tensor. */
export interface ForwardScratch {
  normalized: Tensor; // [B, L, D]
  branch: Tensor; // [B, N, D], normalised before the MLP
  activated: Tensor; // [B, N, I], GELU's output
}

export type LinearLayer = 'attn.c_attn' | 'attn.c_proj' | 'mlp.c_fc' | 'mlp.c_proj';

/**
 * The block's dispatches in order.
 * @param attend what writes `attended` from `qkv`, and `passing`
 */
export async function forwardBlock(
  runner: KernelRunner,
  weights: Gpt2Block,
  epsilon: number,
  { x, mean1, rstd1, qkv, attended, passing, middle, mean2, rstd2, inner, out }: BlockActivations,
  { normalized, branch, activated }: ForwardScratch,
  attend: readonly Promise<Prepared>[],
): Promise<Prepared[]> {
  /** Conv1D: output = input · weight + bias, and what else is to be done with it. */
  const linear = (
    layer: LinearLayer,
    input: Tensor,
    output: Tensor,
    epilogue: Pick<Epilogue, 'residual' | 'preActivation'> = {},
  ) => {
    const bias = weights[`${layer}.bias`];
    const M = output.size / bias.size;
    return matmul(runner, {
      a: input,
      b: weights[`${layer}.weight`],
      bias,
      out: output,
      M,
      K: input.size / M,
      N: bias.size,
      ...epilogue,
    });
  };
  const norm = (
    layer: 'ln_1' | 'ln_2',
    given: { x: Tensor; out: Tensor; mean: Tensor; rstd: Tensor },
  ) =>
    layernormForward(runner, {
      ...given,
      gamma: weights[`${layer}.weight`],
      beta: weights[`${layer}.bias`],
      epsilon,
    });
  return Promise.all([
    norm('ln_1', { x, out: normalized, mean: mean1, rstd: rstd1 }),
    linear('attn.c_attn', normalized, qkv),
    ...attend,
    linear('attn.c_proj', attended, middle, { residual: passing }),
    norm('ln_2', { x: middle, out: branch, mean: mean2, rstd: rstd2 }),
    linear('mlp.c_fc', branch, activated, { preActivation: inner }),
    linear('mlp.c_proj', activated, out, { residual: middle }),
  ]);
}
