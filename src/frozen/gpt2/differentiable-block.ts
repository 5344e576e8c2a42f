/**
 * One GPT-2 block on our own kernels: the forward pass that keeps what the backward pass needs, and the
 * backward pass of the residual stream. Frozen: the gradient of the input only.
 * Letters: M = B · L rows, D width, I = 4D inner width, H heads.
 */
import type { KernelRunner, Prepared } from '../../gpu/kernel';
import { attentionBackward, attentionForward } from '../../gpu/kernels/attention/attention';
import { layernormBackward } from '../../gpu/kernels/layernorm/layernorm';
import { putLayerPrefix, takeLayerPrefix } from '../../gpu/kernels/layer-prefix/layer-prefix';
import { matmul } from '../../gpu/kernels/matmul/matmul';
import type { Tensor } from '../../gpu/tensor';
import {
  type BlockActivations,
  type BlockSizes,
  forwardBlock,
  type LinearLayer,
} from './forward-block';
import type { Gpt2Block } from './weights';

/** Makes a zeroed f32 tensor that its owner frees. */
export type Allocate = (label: string, shape: readonly number[]) => Tensor;

/** Tensors that every block writes anew, so one set serves them all. */
export interface Scratch {
  /** [B, L, D]: a normalised input going forward, a branch's gradient coming back. */
  branch: Tensor;
  /** [B, L, I]: GELU's output going forward, its input's gradient coming back. */
  activated: Tensor;
  /** [B, L, 3D] */
  dQkv: Tensor;
  /** [B, H, L] */
  delta: Tensor;
  /** [B, L, D], the gradient of the residual stream, carried from the last block to the first. */
  dStream: Tensor;
}

export function allocateScratch(allocate: Allocate, { B, L, D, H }: BlockSizes): Scratch {
  return {
    branch: allocate('branch', [B, L, D]),
    activated: allocate('activated', [B, L, 4 * D]),
    dQkv: allocate('dQkv', [B, L, 3 * D]),
    delta: allocate('delta', [B, H, L]),
    dStream: allocate('dStream', [B, L, D]),
  };
}

/** What the backward pass reads of the forward pass, besides the stream that comes in. */
export interface Kept extends Omit<BlockActivations, 'x' | 'out'> {
  lse: Tensor; // [B, H, L]
}

export function allocateKept(allocate: Allocate, { B, L, D, H }: BlockSizes): Kept {
  return {
    mean1: allocate('ln_1 mean', [B, L]),
    rstd1: allocate('ln_1 rstd', [B, L]),
    qkv: allocate('qkv', [B, L, 3 * D]),
    attended: allocate('attended', [B, L, D]),
    lse: allocate('lse', [B, H, L]),
    middle: allocate('middle', [B, L, D]),
    mean2: allocate('ln_2 mean', [B, L]),
    rstd2: allocate('ln_2 rstd', [B, L]),
    inner: allocate('inner', [B, L, 4 * D]),
  };
}

export interface DifferentiableBlock {
  forward: Prepared[];
  /** Turns `Scratch.dStream` from the gradient of `out` into that of x. */
  backward: Prepared[];
}

/** A deep prefix and its gradient, [B, P, N, 2, D], of which `layer` is this block's. */
export interface LayerPrefix {
  prefix: Tensor;
  dPrefix: Tensor;
  layer: number;
}

/** Prepares the block that turns the residual stream `x` [B, L, D] into `out`. */
export async function differentiableBlock(
  runner: KernelRunner,
  weights: Gpt2Block,
  sizes: BlockSizes,
  { x, out }: { x: Tensor; out: Tensor },
  kept: Kept,
  scratch: Scratch,
  own?: LayerPrefix,
): Promise<DifferentiableBlock> {
  const [forward, backward] = await Promise.all([
    forwardBlock(runner, weights, sizes, { ...kept, x, out }, scratch, [
      ...(own ? [putLayerPrefix(runner, { ...own, qkv: kept.qkv })] : []),
      attentionForward(runner, { qkv: kept.qkv, out: kept.attended, lse: kept.lse }),
    ]),
    prepareBackward(runner, weights, sizes, x, kept, scratch, own),
  ]);
  return { forward, backward };
}

async function prepareBackward(
  runner: KernelRunner,
  weights: Gpt2Block,
  { B, L }: BlockSizes,
  x: Tensor,
  { mean1, rstd1, qkv, attended, lse, middle, mean2, rstd2, inner }: Kept,
  { branch, activated, dQkv, delta, dStream }: Scratch,
  own: LayerPrefix | undefined,
): Promise<Prepared[]> {
  /** The input's gradient of Conv1D: dinp = dout · weightᵀ. */
  const linear = (layer: LinearLayer, dout: Tensor, dinp: Tensor, timesGeluSlope?: Tensor) =>
    matmul(runner, {
      a: dout,
      b: weights[`${layer}.weight`],
      transposeB: true,
      out: dinp,
      M: B * L,
      K: dout.size / (B * L),
      N: dinp.size / (B * L),
      ...(timesGeluSlope && { timesGeluSlope }),
    });
  /** Adds the branch's gradient to the stream's, which passes by each branch unchanged. */
  const norm = (layer: 'ln_1' | 'ln_2', stream: Tensor, mean: Tensor, rstd: Tensor) =>
    layernormBackward(runner, {
      dout: branch,
      x: stream,
      gamma: weights[`${layer}.weight`],
      mean,
      rstd,
      dinp: dStream,
      accumulate: true,
    });
  const steps = await Promise.all([
    linear('mlp.c_proj', dStream, activated, inner),
    linear('mlp.c_fc', activated, branch),
    norm('ln_2', middle, mean2, rstd2),
    linear('attn.c_proj', dStream, branch),
    attentionBackward(runner, { qkv, out: attended, lse, dout: branch, dqkv: dQkv, delta }),
    ...(own
      ? [takeLayerPrefix(runner, { dprefix: own.dPrefix, dqkv: dQkv, layer: own.layer })]
      : []),
    linear('attn.c_attn', dQkv, branch),
    norm('ln_1', x, mean1, rstd1),
  ]);
  return steps.flat();
}
