/**
 * The language model's head over the whole vocabulary: log-probability, entropy and divergence of each
 * response token, and their gradient to the hidden state. The vocabulary is taken in chunks, so that
 * logits of [rows, V] never exist; the backward pass computes them again.
 */
import {
  Clear,
  type Commands,
  type Dispatch,
  type KernelRunner,
  type Param,
  type Step,
  u32,
} from '../../kernel';
import { Tensor } from '../../tensor';
import { elementWorkgroups } from '../workgroups';
import { lanesOf } from '../lanes/lanes';
import { readsStored } from '../weights/stored';
import combineKlCode from './combine-kl.wgsl?raw';
import combineCode from './combine.wgsl?raw';
import dhiddenCode from './dhidden.wgsl?raw';
import dlogitsKlCode from './dlogits-kl.wgsl?raw';
import dlogitsCode from './dlogits.wgsl?raw';
import head from './head.wgsl?raw';
import partialsKlCode from './partials-kl.wgsl?raw';
import partialsCode from './partials.wgsl?raw';
import weightsKlCode from './weights-kl.wgsl?raw';
import weightsCode from './weights.wgsl?raw';

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

/** The reference policy: its states, its log-sum-exp from a forward pass of its own, and the divergence. */
export interface Reference extends States {
  lse: Tensor;
  /** [B, T]: Σ_v p (log p − log q) over the vocabulary. */
  kl: Tensor;
}

/** logp (of the target), entropy and lse [B, T] are written, and with a reference its kl. */
export interface LmHeadForward extends LmHead {
  logp: Tensor;
  entropy: Tensor;
  lse: Tensor;
  reference?: Reference;
}

/**
 * dlogp, dentropy [B, T] and, with a reference, dkl [B, T] are the gradients from above; entropy, lse and
 * kl are the forward pass's. dhidden [B, L, D] is overwritten, with 0 outside of the response's states.
 */
export interface LmHeadBackward extends LmHead {
  entropy: Tensor;
  lse: Tensor;
  dlogp: Tensor;
  dentropy: Tensor;
  dhidden: Tensor;
  reference?: Reference & { dkl: Tensor };
}

const TILES = 8; // the tiled kernels have workgroups of 8 × 8 tiles
const ROWS_A_GROUP = 64; // of the kernels with one invocation a row
const MAX_PARTIALS = 256; // of a row: enough invocations for a GPU, 3 MB at 768 rows
const MAX_CHUNK = 2048; // tokens of dlogits: 6 MB at 768 rows

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
class Plan {
  readonly V: number;
  readonly R: number;
  /** Elements of the width as the kernels read it: vectors of 4 where D allows it. */
  readonly lanes: number;
  readonly #runner: KernelRunner;
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
    };
  }

  scratch(label: string, width: number): Tensor {
    return new Tensor(this.#runner.gpu, `lm-head ${label}`, [this.R, width]);
  }

  prepare(
    label: string,
    code: string,
    inputs: readonly Tensor[],
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

export async function lmHeadForward(
  runner: KernelRunner,
  args: LmHeadForward,
): Promise<LmHeadPass> {
  const { weight, targets, logp, entropy, lse, reference } = args;
  const { hidden } = args.policy;
  const plan = new Plan(runner, args, reference);
  const chunk = args.chunk ?? 8 * Math.max(8, Math.ceil(plan.V / (8 * MAX_PARTIALS)));
  const chunks = Math.ceil(plan.V / chunk);
  const params = { chunk: u32(chunk), chunks: u32(chunks) };
  const tiles = (rows: number): [number, number] => [
    Math.ceil(plan.R / rows / TILES),
    Math.ceil(chunks / TILES),
  ];
  const perRow = elementWorkgroups(plan.R, ROWS_A_GROUP);
  const partials = plan.scratch('partials', chunks * 4);
  const steps = [
    reference
      ? plan.prepare(
          'partials with KL',
          partialsKlCode,
          [weight, hidden, reference.hidden],
          [partials],
          tiles(4),
          params,
        )
      : plan.prepare('partials', partialsCode, [weight, hidden], [partials], tiles(8), params),
    plan.prepare(
      'combine',
      combineCode,
      [weight, partials, hidden, targets],
      [logp, entropy, lse],
      perRow,
      params,
    ),
  ];
  if (reference)
    steps.push(
      plan.prepare(
        'combine KL',
        combineKlCode,
        [partials, lse, reference.lse],
        [reference.kl],
        perRow,
        params,
      ),
    );
  return new LmHeadPass(await Promise.all(steps), [partials]);
}

export async function lmHeadBackward(
  runner: KernelRunner,
  args: LmHeadBackward,
): Promise<LmHeadPass> {
  const { weight, targets, reference, dhidden } = args;
  const { hidden } = args.policy;
  const plan = new Plan(runner, args, reference);
  const width = Math.min(args.chunk ?? MAX_CHUNK, 8 * Math.ceil(plan.V / 8));
  const perRow = elementWorkgroups(plan.R, ROWS_A_GROUP);
  const dlogits = plan.scratch('dlogits', width);
  const weights = plan.scratch('weights', 4);
  const refWeights = reference && plan.scratch('reference weights', 2);
  const steps = [
    plan.prepare(
      'weights',
      weightsCode,
      [args.lse, args.entropy, args.dlogp, args.dentropy],
      [weights],
      perRow,
    ),
  ];
  if (reference && refWeights)
    steps.push(
      plan.prepare(
        'weights of KL',
        weightsKlCode,
        [reference.lse, reference.kl, reference.dkl],
        [weights, refWeights],
        perRow,
      ),
    );
  for (let first = 0; first < plan.V; first += width) {
    const columns = 2 * Math.ceil(Math.min(width, plan.V - first) / 8);
    const params = { first: u32(first), columns: u32(columns) };
    const tiles = (rows: number): [number, number] => [
      Math.ceil(columns / 2 / TILES),
      Math.ceil(plan.R / rows / TILES),
    ];
    steps.push(
      reference && refWeights
        ? plan.prepare(
            'dlogits with KL',
            dlogitsKlCode,
            [weight, hidden, reference.hidden, targets, weights, refWeights],
            [dlogits],
            tiles(4),
            params,
          )
        : plan.prepare(
            'dlogits',
            dlogitsCode,
            [weight, hidden, targets, weights],
            [dlogits],
            tiles(8),
            params,
          ),
      plan.prepare(
        'dhidden',
        dhiddenCode,
        [weight, dlogits],
        [dhidden],
        [Math.ceil(plan.lanes / 2 / TILES), Math.ceil(plan.R / 8 / TILES)],
        params,
      ),
    );
  }
  return new LmHeadPass(
    [new Clear(dhidden), ...(await Promise.all(steps))],
    [dlogits, weights, ...(refWeights ? [refWeights] : [])],
  );
}
