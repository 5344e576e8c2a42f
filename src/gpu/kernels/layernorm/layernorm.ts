/** Layer normalisation over the last axis, and the gradient of its input. */
import { type Dispatch, f32, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { rowWorkgroups } from '../workgroups';
import backwardCode from './backward.wgsl?raw';
import forwardCode from './forward.wgsl?raw';

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

export function layernormForward(runner: KernelRunner, args: LayernormForward): Promise<Dispatch> {
  const C = args.gamma.size;
  const R = args.x.size / C;
  return runner.prepare({
    label: 'layernorm forward',
    code: forwardCode,
    inputs: [args.x, args.gamma, args.beta],
    outputs: [args.out, args.mean, args.rstd],
    params: { R: u32(R), C: u32(C), epsilon: f32(args.epsilon) },
    workgroups: rowWorkgroups(R),
  });
}

/** dout, x, dinp [R, C]; gamma [C]; mean, rstd [R]. `accumulate` adds to dinp. */
export interface LayernormBackward {
  dout: Tensor;
  x: Tensor;
  gamma: Tensor;
  mean: Tensor;
  rstd: Tensor;
  dinp: Tensor;
  accumulate: boolean;
}

export function layernormBackward(
  runner: KernelRunner,
  args: LayernormBackward,
): Promise<Dispatch> {
  const C = args.gamma.size;
  const R = args.x.size / C;
  return runner.prepare({
    label: 'layernorm backward',
    code: backwardCode,
    inputs: [args.dout, args.x, args.gamma, args.mean, args.rstd],
    outputs: [args.dinp],
    params: { R: u32(R), C: u32(C), accumulate: u32(Number(args.accumulate)) },
    workgroups: rowWorkgroups(R),
  });
}
