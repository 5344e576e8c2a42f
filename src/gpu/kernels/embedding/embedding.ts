/** GPT-2's input from a prefix and tokens: the gradient of the prefix is its rows' own. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import { rowRanges } from '../../rows';
import type { Tensor } from '../../tensor';
import { lanesOf } from '../lanes/lanes';
import { elementWorkgroups } from '../workgroups';
import { readsStored } from '../weights/stored';
import forwardCode from './forward.wgsl?raw';

const WORKGROUP = 64;

/**
 * prefix [B, P, D], or none; tokens u32 or i32 [B, S]; wte [V, D], f32 or f16; wpe [≥ first + P + S, D];
 * x [B, P + S, D].
 */
export interface EmbeddingForward {
  prefix: Tensor | undefined;
  tokens: Tensor;
  wte: Tensor;
  wpe: Tensor;
  x: Tensor;
  /** Position of the first vector, 0 if left out; `setParams` can change it. */
  first?: number;
}

/** One dispatch for each range of wte's rows that can be bound, mostly one. */
export function embeddingForward(
  runner: KernelRunner,
  args: EmbeddingForward,
): Promise<Dispatch[]> {
  const [B = 0, S = 0] = args.tokens.shape;
  const [, L = 0, D = 0] = args.x.shape;
  const lanes = lanesOf(D);
  const dispatches = rowRanges(args.wte, runner.maxBinding).map(({ first, count, rows }) =>
    runner.prepare({
      label: 'embedding forward',
      code: readsStored(args.wte, lanes.count < D) + lanes.code + forwardCode,
      overrides: { WORKGROUP },
      // A binding cannot stay empty: without a prefix P is 0, and wpe in its place is never read.
      inputs: [rows, args.prefix ?? args.wpe, args.tokens, args.wpe],
      outputs: [args.x],
      params: {
        B: u32(B),
        P: u32(L - S),
        S: u32(S),
        D: u32(lanes.count),
        first: u32(args.first ?? 0),
        base: u32(first),
        bound: u32(count),
      },
      workgroups: elementWorkgroups(B * L * lanes.count, WORKGROUP),
    }),
  );
  return Promise.all(dispatches);
}
