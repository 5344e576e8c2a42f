/**
 * The language model's head over the whole vocabulary: log-probability, entropy and divergence of each response
 * token, and their gradient to the hidden state. The products are the matrix product's, over a window of the
 * vocabulary at a time, so that there are never more logits than plan.ts says. What multiplies is chosen as for any
 * product: a choice changes how long a run takes and not what it computes (matmul/choose.ts, tuner.ts).
 */
import { Clear } from '../../copies';
import type { KernelRunner } from '../../kernel';
import type { Tensor } from '../../tensor';
import { matmul } from '../matmul/matmul';
import { elementWorkgroups } from '../workgroups';
import combineCode from './combine.wgsl?raw';
import dlogitsCode from './dlogits.wgsl?raw';
import partialsCode from './partials.wgsl?raw';
import { columnsOf, type LmHead, LmHeadPass, Plan, slicesOf, type States } from './plan';
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
  readonly policy: WindowLogits;
  readonly reference: WindowLogits | undefined;

  constructor(
    logits: { policy: WindowLogits; reference: WindowLogits | undefined },
    ...[steps, owned]: ConstructorParameters<typeof LmHeadPass>
  ) {
    super(steps, owned);
    this.policy = logits.policy;
    this.reference = logits.reference;
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
  const { targets, logp, entropy, lse } = args;
  const { read, written } = runner.spare;
  const plan = new Plan(runner, args);
  const policy = await windowLogits(plan, args.policy);
  const reference = args.reference && (await windowLogits(plan, args.reference, 'reference '));
  const logits = reference ? [policy, reference] : [policy];
  const partials = plan.scratch('partials', 4 * plan.lanes);
  const overrides = {
    WORKGROUP,
    LANES: plan.lanes,
    WITH_REFERENCE: Number(reference !== undefined),
  };
  const pushes = await Promise.all(
    plan.windows.map((window) =>
      plan.prepare(
        'partials',
        partialsCode,
        [
          columnsOf(policy.logits, window),
          reference ? columnsOf(reference.logits, window) : read,
          targets,
        ],
        [partials, logp],
        elementWorkgroups(plan.R * plan.lanes, WORKGROUP),
        { window, overrides },
      ),
    ),
  );
  const combine = await plan.prepare(
    'combine',
    combineCode,
    [partials, args.reference?.lse ?? read],
    [logp, entropy, lse, args.reference?.kl ?? written],
    elementWorkgroups(plan.R, WORKGROUP),
    { overrides },
  );
  const steps = [
    ...logits.flatMap(({ gather }) => gather),
    ...pushes.flatMap((push, i) => [...logits.map(({ products }) => products[i]!), push]),
    combine,
  ];
  return new LmHeadForwardPass({ policy, reference }, steps, [
    ...logits,
    ...pushes,
    combine,
    partials,
  ]);
}

export async function lmHeadBackward(
  runner: KernelRunner,
  args: LmHeadBackward,
): Promise<LmHeadPass> {
  const { targets, dhidden, after } = args;
  const plan = new Plan(runner, args);
  const { R, D, windows } = plan;
  const policy = after?.policy ?? (await windowLogits(plan, args.policy));
  const reference =
    args.reference &&
    (after?.reference ?? (await windowLogits(plan, args.reference, 'reference ')));
  const logits = reference ? [policy, reference] : [policy];
  const factors = await rowFactors(plan, args);
  const dlogits = plan.windowScratch('dlogits');
  const isDense = dhidden.size === R * D;
  const dstates = isDense ? dhidden : plan.scratch('dstates', D);
  const overrides = { SIDE, WITH_REFERENCE: Number(reference !== undefined) };
  const slopes = await Promise.all(
    windows.map((window) =>
      plan.prepare(
        'dlogits',
        dlogitsCode,
        [
          columnsOf(policy.logits, window),
          reference ? columnsOf(reference.logits, window) : runner.spare.read,
          targets,
          ...factors.tensors,
        ],
        [columnsOf(dlogits, window)],
        [Math.ceil(window.width / 4 / SIDE / COLUMNS), Math.ceil(R / SIDE)],
        { window, overrides },
      ),
    ),
  );
  const mixes = await Promise.all(
    windows.map((window) =>
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
    ),
  );
  const isKept = after !== undefined && windows.length === 1;
  const steps = [
    ...(after ? [] : logits.flatMap(({ gather }) => gather)),
    ...factors.steps,
    ...slopes.flatMap((slope, i) => [
      ...(isKept ? [] : logits.map(({ products }) => products[i]!)),
      slope,
      mixes[i]!,
    ]),
    ...(isDense ? [] : [new Clear(dhidden), ...plan.scatter(dstates, dhidden, args.policy.offset)]),
  ];
  const owned = [...factors.steps, ...factors.tensors, ...slopes, ...mixes, dlogits];
  return new LmHeadPass(steps, [...owned, ...(isDense ? [] : [dstates]), ...(after ? [] : logits)]);
}

/** What a row's gradient of the logits needs, of policy and reference. */
async function rowFactors(plan: Plan, args: LmHeadBackward) {
  const rows = elementWorkgroups(plan.R, WORKGROUP);
  const own = plan.scratch('weights', 4);
  const references = plan.scratch('reference weights', 2);
  const { lse, entropy, dlogp, dentropy, reference } = args;
  const inputs = [lse, entropy, dlogp, dentropy];
  const steps = [await plan.prepare('weights', weightsCode, inputs, [own], rows)];
  if (reference) {
    const { dkl } = reference;
    const against = [reference.lse, reference.kl, dkl];
    const outputs = [own, references];
    steps.push(await plan.prepare('weights of KL', weightsKlCode, against, outputs, rows));
  }
  return { steps, tensors: [own, references] };
}
