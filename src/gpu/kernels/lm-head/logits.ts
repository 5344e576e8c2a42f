/**
 * Logits of a few states over the whole vocabulary, and their gradient back to the states: for decoding,
 * which looks at one position a sequence. Training's many positions take the vocabulary in windows (lm-head.ts).
 * A head that cannot be bound whole is taken in ranges of rows, each computed apart, and one whose V is no multiple
 * of 4, as GPT-2's, in columns rounded up to it: the product would else read number by number.
 */
import type { KernelRunner, Prepared } from '../../kernel';
import { fours, type RowRange, rowRanges } from '../../rows';
import { Tensor } from '../../tensor';
import { columns } from '../columns/columns';
import { matmul } from '../matmul/matmul';

/** states [R, D] or [R, 1, D]; head [V, D], f32 or f16; logits [R, V]. */
export interface Logits {
  states: Tensor;
  head: Tensor;
  logits: Tensor;
}

export interface LogitsSteps {
  readonly steps: readonly Prepared[];
  destroy(): void;
}

/** logits = states · headᵀ. */
export const logitsForward = (runner: KernelRunner, args: Logits): Promise<LogitsSteps> =>
  byRanges(runner, args, async (range, part, isWhole) => {
    const { states, logits } = args;
    const { R, D } = sizes(args);
    const { first: to, count, rows: b } = range;
    const product = { a: states, b, out: part, M: R, K: D, N: fours(count), transposeB: true };
    const multiply = await matmul(runner, product);
    if (isWhole) return [multiply];
    return [multiply, await columns(runner, { source: part, out: logits, from: 0, to, count })];
  });

/** states = logits · head, where both are gradients: `states` is overwritten. */
export const logitsBackward = (runner: KernelRunner, args: Logits): Promise<LogitsSteps> =>
  byRanges(runner, args, async (range, part, isWhole) => {
    const { states, logits } = args;
    const { R, D } = sizes(args);
    const { first: from, count, rows: b } = range;
    // What was rounded up to is never written: it is 0, as the product wants it.
    const product = { a: part, b, out: states, M: R, K: fours(count), N: D };
    const multiply = await matmul(runner, { ...product, accumulate: from > 0 });
    if (isWhole) return [multiply];
    return [await columns(runner, { source: logits, out: part, from, to: 0, count }), multiply];
  });

const sizes = ({ head, logits }: Logits) => ({
  R: logits.shape[0]!,
  V: head.shape[0]!,
  D: head.shape[1]!,
});

/** Calls `prepare` with each range of the head and, [R, count rounded up], the logits that belong to it. */
async function byRanges(
  runner: KernelRunner,
  args: Logits,
  prepare: (range: RowRange, part: Tensor, isWhole: boolean) => Promise<Prepared[]>,
): Promise<LogitsSteps> {
  const ranges = rowRanges(args.head, runner.maxBinding, 4);
  const { R, V } = sizes(args);
  const isWhole = ranges.length === 1 && V === fours(V);
  const parts = isWhole
    ? []
    : ranges.map(({ count }) => new Tensor(runner.gpu, 'part of logits', [R, fours(count)]));
  const prepared = await Promise.all(
    ranges.map((range, i) => prepare(range, parts[i] ?? args.logits, isWhole)),
  );
  const steps = prepared.flat();
  return {
    steps,
    destroy() {
      for (const step of steps) step.destroy();
      for (const part of parts) part.destroy();
    },
  };
}
