/** Draws the next token of every sequence on the GPU, so that a rollout reads nothing back. */
import { type Dispatch, f32, type KernelRunner, type Param, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import threefry from '../random/threefry.wgsl?raw';
import samplingCode from './sampling.wgsl?raw';

/** GPT-2's positions; the bits in which the kernel marks repeated n-grams. */
const MAX_POSITIONS = 1024;
/** From here on a row is worth many threads; below, they would wait at barriers for most of the time. */
const WIDE_VOCABULARY = 4096;

/** What changes from one step or rollout to the next. */
export interface Draw {
  /** Response token to draw, < T. */
  t: number;
  seed: number;
  /** Sets this rollout's noise apart: the update's number. */
  stream: number;
  /** Divides the logits; > 0. */
  temperature: number;
  /** The most likely token, without temperature and noise. */
  greedy: boolean;
  /** Only the `topK` most likely tokens are drawn; 0 draws from all. */
  topK: number;
  /** Only the most likely tokens that together have this probability are drawn; 1 draws from all. */
  topP: number;
}

/**
 * logits [B, V] of the next token; query u32 [B, Q]; tokens u32 [B, T], read before column t and written
 * at it; next i32 [B] is the same token, to be fed; lengths u32 [B] counts the response so far, with its
 * end-of-text token.
 */
export interface Sample extends Draw {
  logits: Tensor;
  query: Tensor;
  tokens: Tensor;
  next: Tensor;
  lengths: Tensor;
  /** End-of-text token, which may not come before `minResponse` others. */
  eos: number;
  minResponse: number;
  /** No n-gram of query and response may come twice; 0 allows all. */
  noRepeatNgram: number;
}

/** `dispatch.setParams(drawParams({…}))` before each step that differs from the one prepared. */
export function drawParams(draw: Draw): Record<keyof Draw, Param> {
  return {
    t: u32(draw.t),
    seed: u32(draw.seed),
    stream: u32(draw.stream),
    temperature: f32(draw.temperature),
    greedy: u32(Number(draw.greedy)),
    topK: u32(draw.topK),
    topP: f32(draw.topP),
  };
}

export async function sample(runner: KernelRunner, args: Sample): Promise<Dispatch> {
  const B = args.lengths.size;
  const V = args.logits.size / B;
  const Q = args.query.size / B;
  const T = args.tokens.size / B;
  if (Q + T > MAX_POSITIONS)
    throw new RangeError(`sampling: ${Q} + ${T} positions, over ${MAX_POSITIONS}`);
  return runner.prepare({
    label: 'sampling',
    code: threefry + samplingCode,
    overrides: { WORKGROUP: V < WIDE_VOCABULARY ? 16 : 256 },
    inputs: [args.logits, args.query],
    outputs: [args.tokens, args.next, args.lengths],
    params: {
      V: u32(V),
      Q: u32(Q),
      T: u32(T),
      ...drawParams(args),
      eos: u32(args.eos),
      min_response: u32(args.minResponse),
      ngram: u32(args.noRepeatNgram),
    },
    workgroups: [B],
  });
}
