/**
 * GPT-2 on our own kernels, differentiable to its prefix: what PPO trains through. The network is
 * frozen, so the only gradient that leaves is the prefix's. Activations and dispatches are made once for
 * fixed sizes and replayed.
 * Letters: B batch, P prefix, S tokens, L = P + S, D width, H heads.
 */
import type { KernelRunner, Prepared, Step } from '../../gpu/kernel';
import { embeddingBackward, embeddingForward } from '../../gpu/kernels/embedding/embedding';
import { layernormBackward, layernormForward } from '../../gpu/kernels/layernorm/layernorm';
import { type DType, Tensor } from '../../gpu/tensor';
import {
  allocateKept,
  allocateScratch,
  type DifferentiableBlock,
  differentiableBlock,
} from './differentiable-block';
import type { BlockSizes } from './forward-block';
import type { Gpt2Weights } from './weights';

export interface Gpt2Sizes {
  B: number;
  /** At least 1: without a prefix there is nothing to differentiate to. */
  P: number;
  /** P + S must fit n_positions. */
  S: number;
  /** The prefix is keys and values of every layer, [B, P, N, 2, D] of N layers. */
  deep?: boolean;
  /**
   * Keeps of each block only the stream that comes in, and computes the rest again in the backward pass
   * (Chen et al. 2016, arXiv 1604.06174): the same gradient to the bit for less memory and more work.
   */
  recompute?: boolean;
}

export class Gpt2Differentiable {
  /** [B, P, D], or deep [B, P, N, 2, D], filled by the caller before `forward`. */
  readonly prefix: Tensor;
  /** u32 [B, S], filled by the caller before `forward`. */
  readonly tokens: Tensor;
  /** [B, L, D] after ln_f, written by `forward`; of a deep prefix the first P rows mean nothing. */
  readonly hidden: Tensor;
  /** [B, L, D], the loss's gradient at `hidden`, filled by the caller before `backward`: 0 for the prefix's rows. */
  readonly dHidden: Tensor;
  /** As `prefix`, written by `backward`. */
  readonly dPrefix: Tensor;
  /** Keeps what `backward` needs. */
  readonly forward: readonly Step[];
  /** Belongs to the `forward` that ran last. */
  readonly backward: readonly Step[];
  readonly #tensors: readonly Tensor[];
  readonly #dispatches: readonly Prepared[];

  /** Allocates and compiles; the weights stay the caller's. */
  static async create(
    runner: KernelRunner,
    weights: Gpt2Weights,
    sizes: Gpt2Sizes,
  ): Promise<Gpt2Differentiable> {
    const tensors: Tensor[] = [];
    const allocate = (label: string, shape: readonly number[], dtype: DType = 'f32') => {
      const tensor = new Tensor(runner.gpu, `gpt2 ${label}`, shape, dtype);
      tensors.push(tensor);
      return tensor;
    };
    try {
      return new Gpt2Differentiable(await prepare(runner, weights, sizes, allocate), tensors);
    } catch (error) {
      for (const tensor of tensors) tensor.destroy();
      throw error;
    }
  }

  private constructor(prepared: Pass, tensors: readonly Tensor[]) {
    this.prefix = prepared.prefix;
    this.tokens = prepared.tokens;
    this.hidden = prepared.hidden;
    this.dHidden = prepared.dHidden;
    this.dPrefix = prepared.dPrefix;
    this.forward = prepared.forward;
    this.backward = prepared.backward;
    this.#tensors = tensors;
    this.#dispatches = [...new Set([...prepared.forward, ...prepared.backward])];
  }

  destroy(): void {
    for (const dispatch of this.#dispatches) dispatch.destroy();
    for (const tensor of this.#tensors) tensor.destroy();
  }
}

interface Pass {
  prefix: Tensor;
  tokens: Tensor;
  hidden: Tensor;
  dHidden: Tensor;
  dPrefix: Tensor;
  forward: Prepared[];
  backward: Prepared[];
}

async function prepare(
  runner: KernelRunner,
  weights: Gpt2Weights,
  { B, P, S, deep = false, recompute = false }: Gpt2Sizes,
  allocate: (label: string, shape: readonly number[], dtype?: DType) => Tensor,
): Promise<Pass> {
  const {
    n_embd: D,
    n_head: H,
    n_layer: N,
    n_positions,
    layer_norm_epsilon: epsilon,
  } = weights.config;
  const L = P + S;
  if (P < 1 || L > n_positions)
    throw new RangeError(`gpt2: prefix ${P} and ${S} tokens, of ${n_positions} positions`);
  const sizes: BlockSizes = { B, L, D, H, epsilon };
  const scratch = allocateScratch(allocate, sizes);
  const prefix = allocate('prefix', deep ? [B, P, N, 2, D] : [B, P, D]);
  // A deep prefix has no words: its positions are kept free, and what is computed of zeros there is not read.
  const words = deep ? allocate('no words', [B, P, D]) : prefix;
  const tokens = allocate('tokens', [B, S], 'u32');
  const hidden = allocate('hidden', [B, L, D]);
  const dHidden = allocate('dHidden', [B, L, D]);
  const dPrefix = allocate('dPrefix', prefix.shape);

  let stream = allocate('embedded', [B, L, D]);
  const { wte, wpe } = weights;
  const embed = await embeddingForward(runner, { prefix: words, tokens, wte, wpe, x: stream });
  const blocks: DifferentiableBlock[] = [];
  const shared = recompute ? allocateKept(allocate, sizes) : undefined;
  for (const [layer, block] of weights.blocks.entries()) {
    const own = deep ? { prefix, dPrefix, layer } : undefined;
    const streams = { x: stream, out: allocate('block out', [B, L, D]) };
    const kept = shared ?? allocateKept(allocate, sizes);
    blocks.push(await differentiableBlock(runner, block, sizes, streams, kept, scratch, own));
    stream = streams.out;
  }
  const gamma = weights['ln_f.weight'];
  const mean = allocate('ln_f mean', [B, L]);
  const rstd = allocate('ln_f rstd', [B, L]);
  const { dStream } = scratch;
  const [normalize, normalizeBackward, ...embedBackward] = await Promise.all([
    layernormForward(runner, {
      x: stream,
      gamma,
      beta: weights['ln_f.bias'],
      out: hidden,
      mean,
      rstd,
      epsilon,
    }),
    layernormBackward(runner, {
      dout: dHidden,
      x: stream,
      gamma,
      mean,
      rstd,
      dinp: dStream,
      accumulate: false,
    }),
    ...(deep ? [] : [embeddingBackward(runner, { dx: dStream, dprefix: dPrefix })]),
  ]);
  return {
    prefix,
    tokens,
    hidden,
    dHidden,
    dPrefix,
    forward: [...embed, ...blocks.flatMap((block) => block.forward), normalize],
    backward: [
      normalizeBackward,
      ...blocks.toReversed().flatMap(({ forward, backward }, i) => {
        // What is shared holds the last block's; a block's last product is the next one's input, which is kept.
        const again = recompute && i > 0 ? forward.slice(0, -1) : [];
        return [...again, ...backward];
      }),
      ...embedBackward,
    ],
  };
}
