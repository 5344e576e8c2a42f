/**
 * The language model's head over the whole vocabulary: log-probability, entropy and divergence of each
 * response token, and their gradient to the hidden state. The vocabulary is taken in chunks, so that
 * logits of [rows, V] never exist; the backward pass computes them again.
 */
import { Clear } from '../../copies';
import { type KernelRunner, u32 } from '../../kernel';
import type { RowRange } from '../../rows';
import type { Tensor } from '../../tensor';
import { elementWorkgroups } from '../workgroups';
import combineKlCode from './combine-kl.wgsl?raw';
import combineCode from './combine.wgsl?raw';
import dhiddenCode from './dhidden.wgsl?raw';
import dlogitsKlCode from './dlogits-kl.wgsl?raw';
import dlogitsCode from './dlogits.wgsl?raw';
import partialsKlCode from './partials-kl.wgsl?raw';
import partialsCode from './partials.wgsl?raw';
import { type LmHead, LmHeadPass, Plan, type States } from './plan';
import weightsKlCode from './weights-kl.wgsl?raw';
import weightsCode from './weights.wgsl?raw';

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

export async function lmHeadForward(
  runner: KernelRunner,
  args: LmHeadForward,
): Promise<LmHeadPass> {
  const { targets, logp, entropy, lse, reference } = args;
  const { hidden } = args.policy;
  const plan = new Plan(runner, args, reference);
  const chunk = args.chunk ?? 8 * Math.max(8, Math.ceil(plan.V / (8 * MAX_PARTIALS)));
  const chunks = Math.ceil(plan.V / chunk);
  const perChunk = { chunk: u32(chunk), chunks: u32(chunks) };
  const perRow = elementWorkgroups(plan.R, ROWS_A_GROUP);
  const partials = plan.scratch('partials', chunks * 4);
  const ranges = plan.ranges(chunk).map(({ first, count, rows }) => {
    const params = { ...perChunk, base: u32(first), bound: u32(count) };
    const tiles = (height: number): [number, number] => [
      Math.ceil(plan.R / height / TILES),
      Math.ceil(count / chunk / TILES),
    ];
    return { rows, params, tiles };
  });
  const steps = [
    ...ranges.map(({ rows, params, tiles }) =>
      reference
        ? plan.prepare(
            'partials with KL',
            partialsKlCode,
            [rows, hidden, reference.hidden],
            [partials],
            tiles(4),
            params,
          )
        : plan.prepare('partials', partialsCode, [rows, hidden], [partials], tiles(8), params),
    ),
    ...ranges.map(({ rows, params }) =>
      plan.prepare(
        'combine',
        combineCode,
        [rows, partials, hidden, targets],
        [logp, entropy, lse],
        perRow,
        params,
      ),
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
        perChunk,
      ),
    );
  return new LmHeadPass(await Promise.all(steps), [partials]);
}

export async function lmHeadBackward(
  runner: KernelRunner,
  args: LmHeadBackward,
): Promise<LmHeadPass> {
  const { targets, reference, dhidden } = args;
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
  for (const { first, rows, base, bound } of windows(plan.ranges(width), width)) {
    const columns = 2 * Math.ceil(Math.min(width, plan.V - first) / 8);
    const params = { first: u32(first), columns: u32(columns), base: u32(base), bound: u32(bound) };
    const tiles = (height: number): [number, number] => [
      Math.ceil(columns / 2 / TILES),
      Math.ceil(plan.R / height / TILES),
    ];
    steps.push(
      reference && refWeights
        ? plan.prepare(
            'dlogits with KL',
            dlogitsKlCode,
            [rows, hidden, reference.hidden, targets, weights, refWeights],
            [dlogits],
            tiles(4),
            params,
          )
        : plan.prepare(
            'dlogits',
            dlogitsCode,
            [rows, hidden, targets, weights],
            [dlogits],
            tiles(8),
            params,
          ),
      plan.prepare(
        'dhidden',
        dhiddenCode,
        [rows, dlogits],
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

/** Each range's rows, `width` tokens at a time. */
function* windows(ranges: readonly RowRange[], width: number) {
  for (const { first: base, count: bound, rows } of ranges)
    for (let first = base; first < base + bound; first += width) yield { first, rows, base, bound };
}
