/**
 * GPT-2 on our own kernels, differentiable to its prefix: what PPO trains through. The network is
 * frozen, so the only gradient that leaves is the prefix's. Activations and dispatches are made once for
 * fixed sizes and replayed.
 * Letters: B batch, P prefix, S tokens, L = P + S, of which the last N are wanted, D width, H heads.
 */
import type { KernelRunner, Prepared, Step } from '../../gpu/kernel';
import { embeddingForward } from '../../gpu/kernels/embedding/embedding';
import { layernormBackward, layernormForward } from '../../gpu/kernels/layernorm/layernorm';
import { type DType, Tensor } from '../../gpu/tensor';
import {
  type Allocate,
  allocateKept,
  type BlockSizes,
  type DifferentiableBlock,
  differentiableBlock,
  scratchOf,
} from './differentiable-block';
import type { Gpt2Weights } from './weights';

export interface Gpt2Sizes {
  B: number;
  /** At least 1: without a prefix there is nothing to differentiate to. */
  P: number;
  /** P + S must fit n_positions. */
  S: number;
  /** Positions at the end of each sequence whose states are wanted; left out, all L. */
  N?: number;
  /** The prefix is keys and values of every layer, [B, P, n_layer, 2, D]. */
  deep?: boolean;
  /**
   * Keeps of each block only the stream that comes in, and computes the rest again in the backward pass
   * (Chen et al. 2016, arXiv 1604.06174): the same gradient to the bit for less memory and more work.
   */
  recompute?: boolean;
}

export class Gpt2Differentiable {
  /** [B, P, D], or deep [B, P, n_layer, 2, D], filled by the caller before `forward`. */
  readonly prefix: Tensor;
  /** u32 [B, S], filled by the caller before `forward`. */
  readonly tokens: Tensor;
  /** [B, N, D] after ln_f, written by `forward`; at a deep prefix's positions they mean nothing. */
  readonly hidden: Tensor;
  /** [B, N, D], the loss's gradient at `hidden`, filled by the caller before `backward`. */
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
  { B, P, S, N = P + S, deep = false, recompute = false }: Gpt2Sizes,
  allocate: (label: string, shape: readonly number[], dtype?: DType) => Tensor,
): Promise<Pass> {
  const {
    n_embd: D,
    n_head: H,
    n_layer,
    n_positions,
    layer_norm_epsilon: epsilon,
  } = weights.config;
  const L = P + S;
  if (P < 1 || L > n_positions)
    throw new RangeError(`gpt2: prefix ${P} and ${S} tokens, of ${n_positions} positions`);
  const shared = sharing(allocate);
  /** All positions, but for the last block's output and the first block's gradient. */
  const sizesOf = (layer: number): BlockSizes => ({
    B,
    L,
    N: layer === n_layer - 1 ? N : L,
    G: layer === 0 ? P : L,
    D,
    H,
    epsilon,
  });
  const prefix = allocate('prefix', deep ? [B, P, n_layer, 2, D] : [B, P, D]);
  // A deep prefix has no words: its positions are kept free, and what is computed of zeros there is not read.
  const words = deep ? allocate('no words', [B, P, D]) : prefix;
  const tokens = allocate('tokens', [B, S], 'u32');
  const hidden = allocate('hidden', [B, N, D]);
  const dHidden = allocate('dHidden', [B, N, D]);
  const dPrefix = allocate('dPrefix', prefix.shape);

  let stream = allocate('embedded', [B, L, D]);
  const { wte, wpe } = weights;
  const embed = await embeddingForward(runner, { prefix: words, tokens, wte, wpe, x: stream });
  const blocks: DifferentiableBlock[] = [];
  for (const [layer, block] of weights.blocks.entries()) {
    const sizes = sizesOf(layer);
    const own = deep ? { prefix, dPrefix, layer } : undefined;
    const scratch = scratchOf(shared, sizes, layer === 0 ? dPrefix : undefined);
    const kept = allocateKept(recompute ? shared : allocate, sizes);
    const out = allocate('block out', [B, sizes.N, D]);
    const passing = sizes.N < L ? shared('passing', [B, N, D]) : stream;
    const streams = { x: stream, passing, out };
    blocks.push(await differentiableBlock(runner, block, sizes, streams, kept, scratch, own));
    stream = out;
  }
  const gamma = weights['ln_f.weight'];
  const mean = allocate('ln_f mean', [B, N]);
  const rstd = allocate('ln_f rstd', [B, N]);
  const [normalize, normalizeBackward] = await Promise.all([
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
      dinp: scratchOf(shared, sizesOf(n_layer - 1)).dOut,
    }),
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
    ],
  };
}

/** One tensor for each label and shape, for what no two blocks need at once. */
function sharing(allocate: Allocate): Allocate {
  const made = new Map<string, Tensor>();
  return (label, shape) => {
    const key = `${label} ${shape.join('×')}`;
    const tensor = made.get(key) ?? allocate(label, shape);
    made.set(key, tensor);
    return tensor;
  };
}
