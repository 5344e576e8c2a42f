/**
 * The value head: a linear read-out of the LM's last hidden state, with PPO's clipped loss. Its gradient
 * stops at hidden states that are the policy's, whose prefix the value must not push; of a pass behind a prefix
 * of the value's own it goes on (`valueBackwardHidden`).
 */
import { type Dispatch, f32, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { elementWorkgroups, rowWorkgroups } from '../workgroups';
import workgroupSum from '../workgroup-sum.wgsl?raw';
import backwardHiddenCode from './backward-hidden.wgsl?raw';
import backwardCode from './backward.wgsl?raw';
import forwardCode from './forward.wgsl?raw';
import lossCode from './loss.wgsl?raw';

const WORKGROUP = 64;

/**
 * hidden [R, L, D]; w [D]; bias [1]; lengths u32 [B], picked by rows u32 [R] < B; out [R, T].
 * `offset` is the position whose state chooses the first response token; offset + T ≤ L.
 */
export interface ValueForward {
  hidden: Tensor;
  w: Tensor;
  bias: Tensor;
  lengths: Tensor;
  rows: Tensor;
  out: Tensor;
  offset: number;
}

export function valueForward(runner: KernelRunner, args: ValueForward): Promise<Dispatch> {
  const R = args.rows.size;
  const D = args.w.size;
  return runner.prepare({
    label: 'value head forward',
    code: workgroupSum + forwardCode,
    overrides: { WORKGROUP },
    inputs: [args.hidden, args.w, args.bias, args.lengths, args.rows],
    outputs: [args.out],
    params: {
      R: u32(R),
      T: u32(args.out.size / R),
      L: u32(args.hidden.size / (R * D)),
      D: u32(D),
      offset: u32(args.offset),
    },
    workgroups: rowWorkgroups(args.out.size),
  });
}

/** The columns of `stats`, with V the values and G the returns. */
export const VALUE_STATS = [
  /** coef · ½ · mean(max((V − G)², (clamp(V, Vold ± range) − G)²)). */
  'valueLoss',
  /** 1 − Var(G − V) / Var(G); 0 where the returns do not vary. */
  'explainedVariance',
  'valueMean',
  'returnMean',
  /** mean((V − G)²). */
  'error',
  /** Share of tokens whose clipped term is the larger: they have no gradient. */
  'clipFraction',
] as const;

/**
 * values, dvalues [R, T] are the minibatch's own; oldValues, returns [B, T] and lengths u32 [B] are the
 * whole batch's, picked by rows u32 [R] < B. stats [S, VALUE_STATS.length] has a row for every minibatch.
 * Params `statsRow`, `clipRange`, `coef`.
 */
export interface ValueLoss {
  values: Tensor;
  oldValues: Tensor;
  returns: Tensor;
  lengths: Tensor;
  rows: Tensor;
  dvalues: Tensor;
  stats: Tensor;
  /** Row of `stats` to write; 0 unless given. */
  statsRow?: number;
  clipRange: number;
  coef: number;
}

export function valueLoss(runner: KernelRunner, args: ValueLoss): Promise<Dispatch> {
  const R = args.rows.size;
  return runner.prepare({
    label: 'value loss',
    code: workgroupSum + lossCode,
    overrides: { STATS: VALUE_STATS.length },
    inputs: [args.values, args.oldValues, args.returns, args.lengths, args.rows],
    outputs: [args.dvalues, args.stats],
    params: {
      R: u32(R),
      T: u32(args.values.size / R),
      statsRow: u32(args.statsRow ?? 0),
      clipRange: f32(args.clipRange),
      coef: f32(args.coef),
    },
    workgroups: [1],
  });
}

/** hidden [R, L, D]; dvalues [R, T]; dw [D] and dbias [1] are overwritten. */
export interface ValueBackward {
  hidden: Tensor;
  dvalues: Tensor;
  dw: Tensor;
  dbias: Tensor;
  offset: number;
}

export function valueBackward(runner: KernelRunner, args: ValueBackward): Promise<Dispatch> {
  const [R = 0, T = 0] = args.dvalues.shape;
  const D = args.dw.size;
  return runner.prepare({
    label: 'value head backward',
    code: backwardCode,
    overrides: { WORKGROUP },
    inputs: [args.hidden, args.dvalues],
    outputs: [args.dw, args.dbias],
    params: {
      R: u32(R),
      T: u32(T),
      L: u32(args.hidden.size / (R * D)),
      D: u32(D),
      offset: u32(args.offset),
    },
    workgroups: elementWorkgroups(D + 1, WORKGROUP),
  });
}

/** dvalues [R, T]; w [D]; dhidden [R, L, D], of which only the T rows from `offset` on are written. */
export interface ValueBackwardHidden {
  dvalues: Tensor;
  w: Tensor;
  dhidden: Tensor;
  offset: number;
}

export function valueBackwardHidden(
  runner: KernelRunner,
  { dvalues, w, dhidden, offset }: ValueBackwardHidden,
): Promise<Dispatch> {
  const [R = 0, T = 0] = dvalues.shape;
  const D = w.size;
  return runner.prepare({
    label: 'value head backward, hidden states',
    code: backwardHiddenCode,
    overrides: { WORKGROUP },
    inputs: [dvalues, w],
    outputs: [dhidden],
    params: {
      R: u32(R),
      T: u32(T),
      L: u32(dhidden.size / (R * D)),
      D: u32(D),
      offset: u32(offset),
    },
    workgroups: elementWorkgroups(dvalues.size * D, WORKGROUP),
  });
}
