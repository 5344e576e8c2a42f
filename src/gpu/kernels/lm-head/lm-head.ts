/**
 * The language model's head over the whole vocabulary: log-probability, entropy and divergence of each response
 * token, and their gradient to the hidden state. The products are the matrix product's, over a window of the
 * vocabulary at a time, so that there are never more logits than plan.ts says. What multiplies is chosen as for any
 * product: a choice changes how long a run takes and not what it computes (matmul/choose.ts, tuner.ts).
 */
import { Clear } from '../../copies';
import type { KernelRunner } from '../../kernel';
import type { Binding } from '../../rows';
import type { Tensor } from '../../tensor';
import { matmul } from '../matmul/matmul';
import { elementWorkgroups } from '../workgroups';
import combineCode from './combine.wgsl?raw';
import dlogitsCode from './dlogits.wgsl?raw';
import partialsCode from './partials.wgsl?raw';
import {
  columnsOf,
  type LmHead,
  LmHeadPass,
  Plan,
  slicesOf,
  type States,
  type Window,
} from './plan';
import weightsKlCode from './weights-kl.wgsl?raw';
import weightsCode from './weights.wgsl?raw';
import { type WindowLogits, windowLogits } from './window-logits';

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
  /**
   * The forward pass of the same arguments that runs before this one: its logits are taken where one window holds
   * the vocabulary, and else its scratch. Left out, this pass computes them in scratch of its own.
   */
  after?: LmHeadForwardPass;
}

/** A forward pass, with the logits of its last window: all of them where there is only one. */
export class LmHeadForwardPass extends LmHeadPass {
  /** The policy's, then perhaps the reference's. */
  readonly logits: readonly WindowLogits[];

  constructor(
    logits: readonly WindowLogits[],
    ...[steps, owned]: ConstructorParameters<typeof LmHeadPass>
  ) {
    super(steps, [...logits, ...owned]);
    this.logits = logits;
  }
}

const WORKGROUP = 64;
/** Of the kernel whose workgroups are square. */
const SIDE = 8;
/** Vectors of four logits that one of its invocations takes. */
const COLUMNS = 4;

export async function lmHeadForward(
  runner: KernelRunner,
  args: LmHeadForward,
): Promise<LmHeadForwardPass> {
  const { targets, logp, entropy, lse, reference } = args;
  const { read, written } = runner.spare;
  const plan = new Plan(runner, args);
  const { R, lanes, windows } = plan;
  const logits = await logitsOf(plan, args);
  const partials = plan.scratch('partials', 4 * lanes);
  const overrides = { WORKGROUP, LANES: lanes, WITH_REFERENCE: Number(reference !== undefined) };
  const [combine, ...pushes] = await Promise.all([
    plan.prepare(
      'combine',
      combineCode,
      [partials, reference?.lse ?? read],
      [logp, entropy, lse, reference?.kl ?? written],
      elementWorkgroups(R, WORKGROUP),
      { overrides },
    ),
    ...windows.map((window) =>
      plan.prepare(
        'partials',
        partialsCode,
        [...bindingsOf(logits, window, read), targets],
        [partials, logp],
        elementWorkgroups(R * lanes, WORKGROUP),
        { window, overrides },
      ),
    ),
  ]);
  const steps = [
    ...logits.flatMap(({ gather }) => gather),
    ...pushes.flatMap((push, i) => [...logits.map(({ products }) => products[i]!), push]),
    combine,
  ];
  return new LmHeadForwardPass(logits, steps, [...pushes, combine, partials]);
}

/** @throws RangeError where `after` had a reference and this pass has none, or the other way round */
export async function lmHeadBackward(
  runner: KernelRunner,
  args: LmHeadBackward,
): Promise<LmHeadPass> {
  const { targets, dhidden, after, reference } = args;
  const plan = new Plan(runner, args);
  const { R, D, windows } = plan;
  const logits = after?.logits ?? (await logitsOf(plan, args));
  if (logits.length !== (reference ? 2 : 1))
    throw new RangeError('lm-head: the passes forward and backward differ in their reference');
  const dlogits = plan.windowScratch('dlogits');
  const weights = plan.scratch('weights', 4);
  const refWeights = plan.scratch('reference weights', 2);
  const isDense = dhidden.size === R * D;
  const dstates = isDense ? dhidden : plan.scratch('dstates', D);
  const rows = elementWorkgroups(R, WORKGROUP);
  const overrides = { SIDE, WITH_REFERENCE: Number(reference !== undefined) };
  const own = [args.lse, args.entropy, args.dlogp, args.dentropy];
  const factors = [plan.prepare('weights', weightsCode, own, [weights], rows)];
  if (reference) {
    const { lse, kl, dkl } = reference;
    const outputs = [weights, refWeights];
    factors.push(plan.prepare('weights of KL', weightsKlCode, [lse, kl, dkl], outputs, rows));
  }
  const slopes = windows.map((window) =>
    plan.prepare(
      'dlogits',
      dlogitsCode,
      [...bindingsOf(logits, window, runner.spare.read), targets, weights, refWeights],
      [columnsOf(dlogits, window)],
      [Math.ceil(window.width / 4 / SIDE / COLUMNS), Math.ceil(R / SIDE)],
      { window, overrides },
    ),
  );
  const mixes = windows.map((window) =>
    matmul(runner, {
      a: columnsOf(dlogits, window),
      b: window.rows,
      out: dstates,
      M: R,
      K: window.width,
      N: D,
      accumulate: window.first > 0,
      slices: slicesOf(R, D, window.width),
    }),
  );
  const prepared = await Promise.all([
    Promise.all(factors),
    Promise.all(slopes),
    Promise.all(mixes),
  ]);
  const isKept = after !== undefined && windows.length === 1;
  const steps = [
    ...(after ? [] : logits.flatMap(({ gather }) => gather)),
    ...prepared[0],
    ...windows.flatMap((_, i) => [
      ...(isKept ? [] : logits.map(({ products }) => products[i]!)),
      prepared[1][i]!,
      prepared[2][i]!,
    ]),
    ...(isDense ? [] : [new Clear(dhidden), ...plan.scatter(dstates, dhidden, args.policy.offset)]),
  ];
  return new LmHeadPass(steps, [
    ...prepared.flat(),
    ...[dlogits, weights, refWeights],
    ...(isDense ? [] : [dstates]),
    ...(after ? [] : logits),
  ]);
}

/** The policy's, and the reference's where there is one. */
const logitsOf = (
  plan: Plan,
  { policy, reference }: { policy: States; reference?: States },
): Promise<WindowLogits[]> =>
  Promise.all([
    windowLogits(plan, policy),
    ...(reference ? [windowLogits(plan, reference, 'reference ')] : []),
  ]);

/** A window's logits, policy and reference; `none` stands for a reference that is not there. */
function bindingsOf(
  [policy, reference]: readonly WindowLogits[],
  window: Window,
  none: Binding,
): [Binding, Binding] {
  return [
    columnsOf(policy!.logits, window),
    reference ? columnsOf(reference.logits, window) : none,
  ];
}
