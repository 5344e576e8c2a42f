/** What a matrix product does with its sums before it stores them, so that no pass of its own has to. */
import { type KernelRunner, type Param, u32 } from '../../kernel';
import type { Binding } from '../../rows';
import type { Tensor } from '../../tensor';
import geluCode from '../gelu/gelu.wgsl?raw';
import four from '../lanes/four.wgsl?raw';
import one from '../lanes/one.wgsl?raw';
import epilogueCode from './epilogue.wgsl?raw';

/**
 * One of three: out = product (+ bias) (+ residual) (+ out); with `preActivation`, which takes a bias and none of
 * the others, preActivation = product + bias and out = gelu(preActivation); with `timesGeluSlope` alone
 * out = product · gelu′(timesGeluSlope).
 */
export interface Epilogue {
  /** [M, N] */
  out: Binding;
  /** [N], added to each row. */
  bias?: Tensor;
  /** [M, N], added; another tensor than `out`. */
  residual?: Tensor;
  /** Adds to what `out` holds. */
  accumulate?: boolean;
  /** [M, N], written: GELU's input, which its gradient needs. */
  preActivation?: Tensor;
  /** [M, N]: the input that GELU had going forward. */
  timesGeluSlope?: Tensor;
}

/** The part of a kernel call that is the epilogue's; the variants declare bindings 0 and 1. */
export interface EpilogueCall {
  code: string;
  overrides: Readonly<Record<string, number>>;
  inputs: readonly Binding[];
  outputs: readonly Binding[];
  params: Readonly<Record<string, Param>>;
}

/** @param lanes elements that the kernel finishes together */
export function epilogueOf(
  runner: KernelRunner,
  { out, bias, residual, accumulate = false, preActivation, timesGeluSlope }: Epilogue,
  lanes: 1 | 4,
): EpilogueCall {
  // No binding can stay empty.
  const { spare } = runner;
  const activates = preActivation !== undefined;
  return {
    code: (lanes === 4 ? four : one) + geluCode + epilogueCode,
    inputs: [bias ?? spare.read, residual ?? timesGeluSlope ?? spare.read],
    outputs: [out, preActivation ?? spare.written],
    overrides: {
      ADDS: Number(!activates && (bias !== undefined || residual !== undefined)),
      ACCUMULATES: Number(accumulate),
      ACTIVATES: Number(activates),
      TIMES_SLOPE: Number(timesGeluSlope !== undefined),
    },
    params: {
      has_bias: u32(Number(bias !== undefined)),
      has_beside: u32(Number(residual !== undefined)),
    },
  };
}
