/** What the passes of the language model's head share: their arguments, their windows, their kernels' params. */
import { Copy } from '../../copies';
import {
  type Commands,
  type Dispatch,
  type KernelRunner,
  type Param,
  type Step,
  u32,
} from '../../kernel';
import { type Binding, fours, type RowRange, rowRanges } from '../../rows';
import { Tensor } from '../../tensor';
import head from './head.wgsl?raw';

/** Which of a sequence's states predict the response: token t by hidden[b, offset + t, :]. */
export interface States {
  /** [B, L, D], after the last layer norm. */
  hidden: Tensor;
  offset: number;
}

/** What both passes are told. */
export interface LmHead {
  policy: States;
  /** lm_head [V, D], which most checkpoints tie to wte; f32 or f16. */
  weight: Tensor;
  /** u32 [B, T]: the response. */
  targets: Tensor;
  /** End-of-text token; its logit is −1e5 for t < minResponse, in the policy and the reference. */
  eos: number;
  minResponse: number;
  /** Tokens of the vocabulary that are taken at once; chosen by R and V where left out. */
  window?: number;
}

/** The steps of one pass, and what is destroyed with it. */
export class LmHeadPass implements Step {
  readonly #steps: readonly Step[];
  readonly #owned: readonly { destroy(): void }[];

  constructor(steps: readonly Step[], owned: readonly { destroy(): void }[]) {
    this.#steps = steps;
    this.#owned = owned;
  }

  encode(commands: Commands): void {
    for (const step of this.#steps) step.encode(commands);
  }

  destroy(): void {
    for (const part of this.#owned) part.destroy();
  }
}

// What follows decides how sums round, and so it goes by the shape alone, on every adapter.

/** Logits that exist at once, of policy or reference: 2 MB. */
const MOST_LOGITS = 2 ** 19;
/** Tokens that a window has at least, however many rows there are. */
const LEAST_WINDOW = 256;
/** Outputs of the gradient below which most of a GPU would have no work, and those of all slices together. */
const FEW_OUTPUTS = 2 ** 15;
const SLICED_OUTPUTS = 2 ** 18;
/** Tokens of a slice, at least. */
const LEAST_SLICE = 1024;

/** Parts of a window that are summed apart in the gradient to [R, D]. */
export function slicesOf(R: number, D: number, width: number): number {
  if (R * D > FEW_OUTPUTS) return 1;
  const wanted = Math.ceil(SLICED_OUTPUTS / (R * D));
  return Math.max(1, Math.min(Math.floor(width / LEAST_SLICE), wanted));
}

/** Invocations that share a row's logits, each with a partial of its own: where it can be, 16 vectors for each. */
const lanesOf = (width: number): number =>
  Math.min(64, Math.max(8, 2 ** Math.floor(Math.log2(width / 64))));

/** Tokens of a window. */
const windowOf = (R: number, V: number): number =>
  Math.min(V, 8 * Math.max(LEAST_WINDOW / 8, Math.floor(MOST_LOGITS / R / 8)));

/** Floats that the passes make for themselves, of R rows: a forward pass, and a backward pass `after` it. */
export function scratchFloats(
  { R, V, D }: { R: number; V: number; D: number },
  withReference: boolean,
): { forward: number; backward: number } {
  const window = windowOf(R, V);
  const logits = fours(window);
  const policies = withReference ? 2 : 1;
  const slices = slicesOf(R, D, logits);
  const sliced = slices > 1 ? Math.ceil(V / window) * slices * R * D : 0;
  return {
    forward: R * (4 * lanesOf(logits) + policies * (logits + D)),
    backward: R * (logits + D + 6) + sliced,
  };
}

/** Consecutive tokens of the vocabulary. */
export interface Window extends RowRange {
  /** Logits of a row: `count` rounded up to whole vectors. */
  width: number;
}

export class Plan {
  readonly R: number;
  readonly D: number;
  readonly windows: readonly Window[];
  /** Invocations that share a row of any window. */
  readonly lanes: number;
  readonly runner: KernelRunner;
  readonly #B: number;
  readonly #params: Readonly<Record<string, Param>>;

  constructor(runner: KernelRunner, { weight, targets, eos, minResponse, window }: LmHead) {
    const [V = 0, D = 0] = weight.shape;
    const [B = 0, T = 0] = targets.shape;
    this.runner = runner;
    this.#B = B;
    this.R = B * T;
    this.D = D;
    this.windows = rowRanges(weight, runner.maxBinding, 8, window ?? windowOf(this.R, V)).map(
      (range) => ({ ...range, width: fours(range.count) }),
    );
    this.lanes = lanesOf(this.windows[0]!.width);
    this.#params = {
      R: u32(this.R),
      T: u32(T),
      V: u32(V),
      eos: u32(eos),
      min_response: u32(minResponse),
      first: u32(0),
      columns: u32(0),
    };
  }

  /** [R, width] */
  scratch(label: string, width: number): Tensor {
    return new Tensor(this.runner.gpu, `lm-head ${label}`, [this.R, width]);
  }

  /** For the logits of any window. */
  windowScratch(label: string): Tensor {
    return this.scratch(label, this.windows[0]!.width);
  }

  /** Copies the states that predict the response, of hidden [B, L, D] from `offset` on, to states [R, D]. */
  gather(hidden: Tensor, offset: number, states: Tensor): Copy[] {
    return this.#responses(hidden, offset).map(
      ({ apart, together, count }) =>
        new Copy(hidden, states, { from: apart, to: together, count }),
    );
  }

  /** The way back. */
  scatter(states: Tensor, hidden: Tensor, offset: number): Copy[] {
    return this.#responses(hidden, offset).map(
      ({ apart, together, count }) =>
        new Copy(states, hidden, { from: together, to: apart, count }),
    );
  }

  /** Where a sequence's states lie, in floats: one run of them in either tensor. */
  #responses(hidden: Tensor, offset: number) {
    const count = (this.R / this.#B) * this.D;
    return Array.from({ length: this.#B }, (_, b) => ({
      apart: (b * hidden.size) / this.#B + offset * this.D,
      together: b * count,
      count,
    }));
  }

  prepare(
    label: string,
    code: string,
    inputs: readonly Binding[],
    outputs: readonly Binding[],
    workgroups: readonly [number, number],
    { window, overrides = {} }: { window?: Window; overrides?: Record<string, number> } = {},
  ): Promise<Dispatch> {
    const { first, width } = window ?? { first: 0, width: 0 };
    return this.runner.prepare({
      label: `lm-head ${label}`,
      code: head + code,
      overrides,
      inputs,
      outputs,
      params: { ...this.#params, first: u32(first), columns: u32(width / 4) },
      workgroups,
    });
  }
}

/** As much of a window's scratch as `window` has columns for. */
export function columnsOf(scratch: Tensor, { width }: Window): Binding {
  const [R = 0] = scratch.shape;
  const size = R * width;
  const { label, dtype, buffer, offset } = scratch;
  return { label, dtype, buffer, offset, shape: [R, width], size, bytes: 4 * size };
}
