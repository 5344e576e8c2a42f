/** What the passes of the language model's head share: their arguments, their text, their params. */
import { Clear } from '../../copies';
import {
  type Commands,
  type Dispatch,
  type KernelRunner,
  type Param,
  type Step,
  u32,
} from '../../kernel';
import { type Binding, type RowRange, rowRanges } from '../../rows';
import { Tensor } from '../../tensor';
import { lanesOf } from '../lanes/lanes';
import { readsStored } from '../weights/stored';
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
  /** Tokens of the vocabulary that are taken at once, a multiple of 8; chosen by V where left out. */
  chunk?: number;
}

/** The dispatches of one pass, with the scratch that they share. */
export class LmHeadPass implements Step {
  readonly #steps: readonly (Dispatch | Clear)[];
  readonly #scratch: readonly Tensor[];

  constructor(steps: readonly (Dispatch | Clear)[], scratch: readonly Tensor[]) {
    this.#steps = steps;
    this.#scratch = scratch;
  }

  encode(commands: Commands): void {
    for (const step of this.#steps) step.encode(commands);
  }

  destroy(): void {
    for (const step of this.#steps) if (!(step instanceof Clear)) step.destroy();
    for (const tensor of this.#scratch) tensor.destroy();
  }
}

/** What the kernels of one pass have in common. */
export class Plan {
  readonly V: number;
  readonly R: number;
  /** Elements of the width as the kernels read it: vectors of 4 where D allows it. */
  readonly lanes: number;
  readonly #runner: KernelRunner;
  readonly #weight: Tensor;
  readonly #prelude: string;
  readonly #params: Readonly<Record<string, Param>>;

  constructor(runner: KernelRunner, args: LmHead, reference: States | undefined) {
    const [V = 0, D = 0] = args.weight.shape;
    const [B = 0, T = 0] = args.targets.shape;
    const length = (states: States) => states.hidden.size / (B * D);
    const lanes = lanesOf(D);
    this.V = V;
    this.R = B * T;
    this.lanes = lanes.count;
    this.#runner = runner;
    this.#weight = args.weight;
    this.#prelude = readsStored(args.weight, D % 4 === 0) + lanes.code + head;
    this.#params = {
      R: u32(this.R),
      T: u32(T),
      V: u32(V),
      D: u32(this.lanes),
      L: u32(length(args.policy)),
      offset: u32(args.policy.offset),
      ref_L: u32(reference ? length(reference) : 0),
      ref_offset: u32(reference?.offset ?? 0),
      eos: u32(args.eos),
      min_response: u32(args.minResponse),
      chunk: u32(0),
      chunks: u32(0),
      first: u32(0),
      columns: u32(0),
      base: u32(0),
      bound: u32(V),
    };
  }

  /** The head's rows as they can be bound, in multiples of `tokens`. */
  ranges(tokens: number): RowRange[] {
    return rowRanges(this.#weight, this.#runner.maxBinding, tokens);
  }

  scratch(label: string, width: number): Tensor {
    return new Tensor(this.#runner.gpu, `lm-head ${label}`, [this.R, width]);
  }

  prepare(
    label: string,
    code: string,
    inputs: readonly Binding[],
    outputs: readonly Tensor[],
    workgroups: readonly [number, number],
    params: Readonly<Record<string, Param>> = {},
  ): Promise<Dispatch> {
    return this.#runner.prepare({
      label: `lm-head ${label}`,
      code: this.#prelude + code,
      inputs,
      outputs,
      params: { ...this.#params, ...params },
      workgroups,
    });
  }
}
