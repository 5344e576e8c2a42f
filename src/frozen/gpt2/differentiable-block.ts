/**
 * One GPT-2 block on our own kernels: the forward pass that keeps what the backward pass needs, and the
 * backward pass of the residual stream. Frozen: the gradient of the input only.
 * Letters: B sequences of L positions, of which the last N are wanted and the first G differentiated: of the last
 * block's states the loss reads those of the response, and of the first block's input only the prefix learns. D width,
 * I = 4D inner width, H heads.
 */
import type { KernelRunner, Prepared } from '../../gpu/kernel';
import { attentionBackward, attentionForward } from '../../gpu/kernels/attention/attention';
import { columns } from '../../gpu/kernels/columns/columns';
import { layernormBackward } from '../../gpu/kernels/layernorm/layernorm';
import { putLayerPrefix, takeLayerPrefix } from '../../gpu/kernels/layer-prefix/layer-prefix';
import { matmul } from '../../gpu/kernels/matmul/matmul';
import type { Tensor } from '../../gpu/tensor';
import {
  type BlockActivations,
  forwardBlock,
  type ForwardScratch,
  type LinearLayer,
} from './forward-block';
import type { Gpt2Block } from './weights';

export interface BlockSizes {
  B: number;
  L: number;
  N: number;
  G: number;
  D: number;
  H: number;
  epsilon: number;
}

/** Makes a zeroed f32 tensor that its owner frees. */
export type Allocate = (label: string, shape: readonly number[]) => Tensor;

/** Tensors that every block writes anew; those of one label and size are one. */
export interface Scratch extends ForwardScratch {
  /** [B, N, D]: a normalised input going forward, a branch's gradient coming back. */
  branch: Tensor;
  /** [B, N, I]: GELU's output going forward, its input's gradient coming back. */
  activated: Tensor;
  /** [B, H, N] */
  delta: Tensor;
  /** [B, G, 3D] */
  dQkv: Tensor;
  /** [B, G, D] */
  dNormalized: Tensor;
  /** [B, N, D], the gradient of the residual stream where it leaves the block. */
  dOut: Tensor;
  /** [B, G, D], where it came in: of most blocks `dOut` itself. */
  dX: Tensor;
}

/**
 * @param shared gives the same tensor for the same label and shape
 * @param dX where the gradient is wanted elsewhere
 */
export const scratchOf = (
  shared: Allocate,
  { B, L, N, G, D, H }: BlockSizes,
  dX?: Tensor,
): Scratch => ({
  normalized: shared('branch', [B, L, D]),
  branch: shared('branch', [B, N, D]),
  activated: shared('activated', [B, N, 4 * D]),
  delta: shared('delta', [B, H, N]),
  dQkv: shared('dQkv', [B, G, 3 * D]),
  dNormalized: shared('branch', [B, G, D]),
  dOut: shared('dStream', [B, N, D]),
  dX: dX ?? shared('dStream', [B, G, D]),
});

/** What the backward pass reads of the forward pass, besides the stream that comes in. */
export interface Kept extends Omit<BlockActivations, 'x' | 'passing' | 'out'> {
  lse: Tensor; // [B, H, N]
}

export function allocateKept(allocate: Allocate, { B, L, N, D, H }: BlockSizes): Kept {
  return {
    mean1: allocate('ln_1 mean', [B, L]),
    rstd1: allocate('ln_1 rstd', [B, L]),
    qkv: allocate('qkv', [B, L, 3 * D]),
    attended: allocate('attended', [B, N, D]),
    lse: allocate('lse', [B, H, N]),
    middle: allocate('middle', [B, N, D]),
    mean2: allocate('ln_2 mean', [B, N]),
    rstd2: allocate('ln_2 rstd', [B, N]),
    inner: allocate('inner', [B, N, 4 * D]),
  };
}

export interface DifferentiableBlock {
  forward: Prepared[];
  /** From `Scratch.dOut` to `Scratch.dX`. */
  backward: Prepared[];
}

/** A deep prefix and its gradient, [B, P, N, 2, D] of N layers, of which `layer` is this block's. */
export interface LayerPrefix {
  prefix: Tensor;
  dPrefix: Tensor;
  layer: number;
}

/**
 * Prepares the block that turns the residual stream `x` [B, L, D] into `out` [B, N, D].
 * @param passing [B, N, D] to hold the last N positions of x, where N is below L
 */
export async function differentiableBlock(
  runner: KernelRunner,
  weights: Gpt2Block,
  sizes: BlockSizes,
  { x, passing, out }: Pick<BlockActivations, 'x' | 'passing' | 'out'>,
  kept: Kept,
  scratch: Scratch,
  own?: LayerPrefix,
): Promise<DifferentiableBlock> {
  const { B, L, N, D, epsilon } = sizes;
  const from = (L - N) * D;
  const [forward, backward] = await Promise.all([
    forwardBlock(runner, weights, epsilon, { ...kept, x, passing, out }, scratch, [
      ...(own ? [putLayerPrefix(runner, { ...own, qkv: kept.qkv })] : []),
      attentionForward(runner, { qkv: kept.qkv, out: kept.attended, lse: kept.lse }),
      ...(N < L
        ? [columns(runner, { source: x, out: passing, rows: B, from, to: 0, count: N * D })]
        : []),
    ]),
    prepareBackward(runner, weights, sizes, x, kept, scratch, own),
  ]);
  return { forward, backward };
}

async function prepareBackward(
  runner: KernelRunner,
  weights: Gpt2Block,
  { B }: BlockSizes,
  x: Tensor,
  { mean1, rstd1, qkv, attended, lse, middle, mean2, rstd2, inner }: Kept,
  { branch, activated, dQkv, delta, dNormalized, dOut, dX }: Scratch,
  own: LayerPrefix | undefined,
): Promise<Prepared[]> {
  /** The input's gradient of Conv1D: dinp = dout · weightᵀ. */
  const linear = (layer: LinearLayer, dout: Tensor, dinp: Tensor, timesGeluSlope?: Tensor) => {
    const K = weights[`${layer}.bias`].size;
    const M = dout.size / K;
    return matmul(runner, {
      a: dout,
      b: weights[`${layer}.weight`],
      transposeB: true,
      out: dinp,
      M,
      K,
      N: dinp.size / M,
      ...(timesGeluSlope && { timesGeluSlope }),
    });
  };
  const steps = await Promise.all([
    linear('mlp.c_proj', dOut, activated, inner),
    linear('mlp.c_fc', activated, branch),
    // A branch's gradient is added to the stream's, which passes by each branch unchanged.
    layernormBackward(runner, {
      dout: branch,
      x: middle,
      gamma: weights['ln_2.weight'],
      mean: mean2,
      rstd: rstd2,
      dinp: dOut,
      accumulate: true,
    }),
    linear('attn.c_proj', dOut, branch),
    attentionBackward(runner, { qkv, out: attended, lse, dout: branch, dqkv: dQkv, delta }),
    ...(own
      ? [takeLayerPrefix(runner, { dprefix: own.dPrefix, dqkv: dQkv, layer: own.layer })]
      : []),
    // A deep prefix is no input of the first block.
    ...(own?.layer === 0
      ? []
      : [
          linear('attn.c_attn', dQkv, dNormalized),
          layernormBackward(runner, {
            dout: dNormalized,
            x,
            gamma: weights['ln_1.weight'],
            mean: mean1,
            rstd: rstd1,
            sequences: B,
            dinp: dX,
            ...(dX === dOut ? { accumulate: true } : { beside: dOut }),
          }),
        ]),
  ]);
  return steps.flat();
}
