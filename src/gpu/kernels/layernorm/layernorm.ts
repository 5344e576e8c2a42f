/** Layer normalisation over the last axis, and the gradients of its input and of gamma and beta. */
import {
  type Dispatch,
  f32,
  type KernelCall,
  type KernelRunner,
  type Param,
  u32,
} from '../../kernel';
import type { Tensor } from '../../tensor';
import { lanesOf } from '../lanes/lanes';
import { elementWorkgroups, rowWorkgroups } from '../workgroups';
import workgroupSum from '../workgroup-sum.wgsl?raw';
import backwardSerialCode from './backward-serial.wgsl?raw';
import backwardCode from './backward.wgsl?raw';
import forwardSerialCode from './forward-serial.wgsl?raw';
import forwardCode from './forward.wgsl?raw';
import parametersCode from './parameters.wgsl?raw';

/**
 * Who works on a row: a workgroup, or one invocation. A GPU wants the first; a software adapter, where
 * barriers cost more than the sums, runs 1216 rows of 64 in 3 ms instead of 100 ms with the second.
 */
export type RowWorker = 'workgroup' | 'invocation';

const SERIAL_WORKGROUP = 32;

function bestRowWorker({ gpu }: KernelRunner): RowWorker {
  return gpu.isSoftware ? 'invocation' : 'workgroup';
}

/** Text, sizes and workgroups for R rows of C; `params` follow R and C. */
function launch(
  worker: RowWorker,
  { workgroup, invocation }: Record<RowWorker, string>,
  { R, C }: { R: number; C: number },
  params: Readonly<Record<string, Param>>,
): Pick<KernelCall, 'code' | 'overrides' | 'params' | 'workgroups'> {
  if (worker === 'workgroup')
    return {
      code: workgroupSum + workgroup,
      params: { R: u32(R), C: u32(C), ...params },
      workgroups: rowWorkgroups(R),
    };
  const { code, count } = lanesOf(C);
  return {
    code: code + invocation,
    overrides: { WORKGROUP: SERIAL_WORKGROUP },
    params: { R: u32(R), C: u32(count), width: f32(C), ...params },
    workgroups: elementWorkgroups(R, SERIAL_WORKGROUP),
  };
}

/** x, out [R, C]; gamma, beta [C]; mean, rstd [R] are written for the backward pass. */
export interface LayernormForward {
  x: Tensor;
  gamma: Tensor;
  beta: Tensor;
  out: Tensor;
  mean: Tensor;
  rstd: Tensor;
  epsilon: number;
}

export function layernormForward(
  runner: KernelRunner,
  args: LayernormForward,
  worker = bestRowWorker(runner),
): Promise<Dispatch> {
  const C = args.gamma.size;
  const R = args.x.size / C;
  return runner.prepare({
    label: 'layernorm forward',
    inputs: [args.x, args.gamma, args.beta],
    outputs: [args.out, args.mean, args.rstd],
    ...launch(
      worker,
      { workgroup: forwardCode, invocation: forwardSerialCode },
      { R, C },
      {
        epsilon: f32(args.epsilon),
      },
    ),
  });
}

/**
 * Of B sequences of L positions x [B · L, C], mean, rstd [B · L]; of the first n positions of each dout, dinp
 * [B · n, C], n being L where the sizes do not say otherwise; gamma [C]. `accumulate` adds to dinp; `beside`
 * [B · N, C], of the last N positions, is added to theirs.
 */
export interface LayernormBackward {
  dout: Tensor;
  x: Tensor;
  gamma: Tensor;
  mean: Tensor;
  rstd: Tensor;
  dinp: Tensor;
  /** B; left out, 1. */
  sequences?: number;
  accumulate?: boolean;
  beside?: Tensor;
}

export function layernormBackward(
  runner: KernelRunner,
  args: LayernormBackward,
  worker = bestRowWorker(runner),
): Promise<Dispatch> {
  const { dout, x, gamma, mean, rstd, dinp, sequences: B = 1, accumulate = false, beside } = args;
  const C = gamma.size;
  const positions = (tensor: Tensor | undefined) => u32(tensor ? tensor.size / (B * C) : 0);
  const { overrides, ...call } = launch(
    worker,
    { workgroup: backwardCode, invocation: backwardSerialCode },
    { R: dinp.size / C, C },
    {
      n: positions(dinp),
      L: positions(x),
      N: positions(beside),
      accumulate: u32(Number(accumulate)),
    },
  );
  return runner.prepare({
    label: 'layernorm backward',
    inputs: [dout, x, gamma, mean, rstd, beside ?? runner.spare.read],
    outputs: [dinp],
    overrides: { ...overrides, BESIDE: Number(beside !== undefined) },
    ...call,
  });
}

/** dout, x [R, C]; mean, rstd [R] of the forward pass; dgamma, dbeta [C]. */
export interface LayernormParameters {
  dout: Tensor;
  x: Tensor;
  mean: Tensor;
  rstd: Tensor;
  dgamma: Tensor;
  dbeta: Tensor;
}

export function layernormParameters(
  runner: KernelRunner,
  { dout, x, mean, rstd, dgamma, dbeta }: LayernormParameters,
): Promise<Dispatch> {
  const C = dgamma.size;
  return runner.prepare({
    label: 'layernorm gradients of gamma and beta',
    code: parametersCode,
    inputs: [dout, x, mean, rstd],
    outputs: [dgamma, dbeta],
    params: { R: u32(x.size / C), C: u32(C) },
    workgroups: [Math.ceil(C / 16)],
  });
}
