/**
 * GPT-2's forward pass alone, on our own kernels: [prefix; tokens] to hidden states after ln_f. One set
 * of activations serves every block, as nothing is kept for a backward pass. With `caches` the positions
 * follow those that the caches hold, and attend to them. Made once for fixed sizes and replayed.
 * Letters: B batch, P prefix, S tokens, N = P + S, D width, H heads.
 */
import { type Dispatch, type KernelRunner, type Prepared, type Step, u32 } from '../../gpu/kernel';
import { attentionForward } from '../../gpu/kernels/attention/attention';
import { cachedAttention } from '../../gpu/kernels/cached-attention/cached-attention';
import { embeddingForward } from '../../gpu/kernels/embedding/embedding';
import { putLayerPrefix } from '../../gpu/kernels/layer-prefix/layer-prefix';
import { layernormForward } from '../../gpu/kernels/layernorm/layernorm';
import { type DType, Tensor } from '../../gpu/tensor';
import { forwardBlock } from './forward-block';
import type { Gpt2Weights } from './weights';

export interface ForwardSizes {
  B: number;
  P: number;
  S: number;
  /** The prefix is keys and values of every layer, [B, P, N, 2, D] of N layers. */
  deep?: boolean;
}

export class Gpt2Forward {
  /** [B, P, D], or deep [B, P, N, 2, D], filled by the caller; undefined where P is 0. */
  readonly prefix: Tensor | undefined;
  /** u32 [B, S], filled by the caller. */
  readonly tokens: Tensor;
  /** [B, N, D] after ln_f. */
  readonly hidden: Tensor;
  readonly steps: readonly Step[];
  readonly #tensors: readonly Tensor[];
  readonly #dispatches: readonly Prepared[];
  readonly #placed: Placed;

  /**
   * @param caches a layer's keys and values [B·K, capacity, 2D], for each layer; the caller's. Each K rows begin
   * with what one row reads.
   */
  static async create(
    runner: KernelRunner,
    weights: Gpt2Weights,
    sizes: ForwardSizes,
    caches?: readonly Tensor[],
  ): Promise<Gpt2Forward> {
    const tensors: Tensor[] = [];
    const allocate = (label: string, shape: readonly number[], dtype: DType = 'f32') => {
      const tensor = new Tensor(runner.gpu, `gpt2 forward ${label}`, shape, dtype);
      tensors.push(tensor);
      return tensor;
    };
    try {
      const prepared = await prepare(runner, weights, sizes, caches, allocate);
      return new Gpt2Forward(prepared, tensors);
    } catch (error) {
      for (const tensor of tensors) tensor.destroy();
      throw error;
    }
  }

  private constructor(prepared: Pass, tensors: readonly Tensor[]) {
    this.prefix = prepared.prefix;
    this.tokens = prepared.tokens;
    this.hidden = prepared.hidden;
    this.steps = prepared.dispatches;
    this.#dispatches = prepared.dispatches;
    this.#placed = prepared.placed;
    this.#tensors = tensors;
  }

  /** Positions that the caches hold before this pass, in queue order; 0 at first. */
  setPast(past: number): void {
    for (const dispatch of this.#placed.embed) dispatch.setParams({ first: u32(past) });
    for (const dispatch of this.#placed.attend) dispatch.setParams({ past: u32(past) });
  }

  destroy(): void {
    for (const dispatch of this.#dispatches) dispatch.destroy();
    for (const tensor of this.#tensors) tensor.destroy();
  }
}

/** The dispatches that are told where the positions begin. */
interface Placed {
  embed: readonly Dispatch[];
  attend: readonly Dispatch[];
}

interface Pass {
  prefix: Tensor | undefined;
  tokens: Tensor;
  hidden: Tensor;
  dispatches: readonly Prepared[];
  placed: Placed;
}

async function prepare(
  runner: KernelRunner,
  weights: Gpt2Weights,
  { B, P, S, deep = false }: ForwardSizes,
  caches: readonly Tensor[] | undefined,
  allocate: (label: string, shape: readonly number[], dtype?: DType) => Tensor,
): Promise<Pass> {
  const { n_embd: D, n_head: H, n_layer, layer_norm_epsilon: epsilon } = weights.config;
  const N = P + S;
  const prefix = P > 0 ? allocate('prefix', deep ? [B, P, n_layer, 2, D] : [B, P, D]) : undefined;
  // A deep prefix has no words: what is computed of zeros at its positions is not read.
  const words = prefix && deep ? allocate('no words', [B, P, D]) : prefix;
  const tokens = allocate('tokens', [B, S], 'u32');
  const hidden = allocate('hidden', [B, N, D]);
  const stream = allocate('stream', [B, N, D]);
  const mean = allocate('mean', [B, N]);
  const rstd = allocate('rstd', [B, N]);
  const activations = {
    x: stream,
    passing: stream,
    out: stream,
    mean1: mean,
    rstd1: rstd,
    mean2: mean,
    rstd2: rstd,
    qkv: allocate('qkv', [B, N, 3 * D]),
    attended: allocate('attended', [B, N, D]),
    middle: allocate('middle', [B, N, D]),
    inner: allocate('inner', [B, N, 4 * D]),
  };
  const { qkv, attended } = activations;
  const branch = allocate('branch', [B, N, D]);
  const scratch = {
    normalized: branch,
    branch,
    activated: allocate('activated', [B, N, 4 * D]),
  };
  const attentions = caches
    ? await Promise.all(
        caches.map((cache) => cachedAttention(runner, { qkv, cache, out: attended, heads: H })),
      )
    : [[await attentionForward(runner, { qkv, out: attended, lse: allocate('lse', [B, H, N]) })]];
  const { wte, wpe } = weights;
  const [embed, normalize, ...blocks] = await Promise.all([
    embeddingForward(runner, { prefix: words, tokens, wte, wpe, x: stream }),
    layernormForward(runner, {
      x: stream,
      gamma: weights['ln_f.weight'],
      beta: weights['ln_f.bias'],
      out: hidden,
      mean,
      rstd,
      epsilon,
    }),
    ...weights.blocks.map((block, layer) => {
      const attend = (attentions[layer] ?? attentions[0]!).map((step) => Promise.resolve(step));
      if (prefix && deep) attend.unshift(putLayerPrefix(runner, { prefix, qkv, layer }));
      return forwardBlock(runner, block, epsilon, activations, scratch, attend);
    }),
  ]);
  return {
    prefix,
    tokens,
    hidden,
    dispatches: [...embed, ...blocks.flat(), normalize],
    placed: { embed, attend: caches ? attentions.flat() : [] },
  };
}
