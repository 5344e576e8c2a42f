/**
 * What training asks of the frozen language model. Only types, so that src/esper can be handed any
 * model, a small one in tests included. Letters: B batch, P prefix, Q query, S tokens, L = P + S,
 * D width, V vocabulary. Token ids are u32 or i32 on the GPU: the same bits.
 */
import type { Tensor } from '../../gpu/tensor';
import type { Provider } from '../provider';
import type { Gpt2Config, Gpt2Weights } from './weights';

export interface LanguageModel {
  readonly config: Gpt2Config;
  readonly weights: Gpt2Weights;
  readonly provider: Provider | 'kernels';
  /**
   * Reads [prefix; query] and leaves the logits of the first response token in the decoding's `logits`.
   * A second decoding of the same sizes reuses the first one's tensors: `end` the one before.
   */
  startDecoding(start: DecodingStart): Promise<Decoding>;
  /** Teacher-forced hidden states after ln_f of [prefix; tokens], written to `out` [B, L, D]. */
  hidden(pass: HiddenPass): Promise<void>;
  dispose(): Promise<void>;
}

/** What sequences begin with. */
interface Beginning {
  /** [B, P, D], or deep [B, P, N, 2, D], k and v of N layers; without one the model is the text-only LM. */
  prefix: Tensor | undefined;
  /** [B, Q], Q ≥ 1. */
  query: Tensor;
  /** Its `tokens` are the query's. */
  inMemory?: InMemory | undefined;
}

export interface DecodingStart extends Beginning {
  B: number;
  /** Response tokens at most; P + Q + steps must fit n_positions. */
  steps: number;
  /**
   * The same beginnings once, where each K consecutive sequences have one: [I, P, D] and [I, Q], B = I·K. A
   * model may read these in place of the others.
   */
  once?: Beginning;
}

/** A model computes on the GPU or in memory, and leaves its logits there. */
export type Decoding = DecodingOnGpu | DecodingInMemory;

export interface DecodingOnGpu {
  readonly place: 'gpu';
  /** f32 [B, V], of the next token; overwritten by each step. */
  readonly logits: Tensor;
  /** Appends one token a sequence, `next` [B], and refreshes `logits`. */
  step(next: Tensor): Promise<void>;
  /** Frees the keys and values. */
  end(): void;
}

export interface DecodingInMemory {
  readonly place: 'memory';
  /**
   * f32 [R, V], of the token behind each of the R sequences read: at first the B beginnings, or the I that are
   * shared. Another array after each step.
   */
  readonly logits: Float32Array;
  /** The prefix as it was read: [B, P, D], or [I, P, D]. */
  readonly prefix: Float32Array | undefined;
  /**
   * From now on sequence r is what sequence `parents[r]` was and `next[r]` behind it: so those that have said the
   * same are read once, and those that have ended no more.
   */
  step(next: Int32Array, parents: readonly number[]): Promise<void>;
  end(): void;
}

export interface HiddenPass {
  /** As in `DecodingStart`. */
  prefix: Tensor | undefined;
  /** [B, S] */
  tokens: Tensor;
  inMemory?: InMemory | undefined;
  /** f32 [B, L, D], L = P + S; of a deep prefix the first P rows mean nothing. */
  out: Tensor;
}

/** Values of tensors that are known in memory too: a model that computes there need not read them back. */
export interface InMemory {
  /** [B, S] */
  tokens: Uint32Array;
  /** [B, P, D], or [I, P, D], each of which B / I consecutive sequences have. */
  prefix: Float32Array | undefined;
}
