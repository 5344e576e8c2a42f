/** GELU in GPT-2's tanh form, and its gradient from the input that the forward pass had. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { elementWorkgroups } from '../workgroups';
import backwardCode from './backward.wgsl?raw';
import forwardCode from './forward.wgsl?raw';

const WORKGROUP = 64;

/** x, out of one shape. */
export interface GeluForward {
  x: Tensor;
  out: Tensor;
}

export function geluForward(runner: KernelRunner, { x, out }: GeluForward): Promise<Dispatch> {
  return runner.prepare({
    label: 'gelu forward',
    code: forwardCode,
    overrides: { WORKGROUP },
    inputs: [x],
    outputs: [out],
    params: { n: u32(x.size) },
    workgroups: elementWorkgroups(x.size, WORKGROUP),
  });
}

/** dout, x, dinp of one shape; x is the forward's input. */
export interface GeluBackward {
  dout: Tensor;
  x: Tensor;
  dinp: Tensor;
}

export function geluBackward(
  runner: KernelRunner,
  { dout, x, dinp }: GeluBackward,
): Promise<Dispatch> {
  return runner.prepare({
    label: 'gelu backward',
    code: backwardCode,
    overrides: { WORKGROUP },
    inputs: [dout, x],
    outputs: [dinp],
    params: { n: u32(x.size) },
    workgroups: elementWorkgroups(x.size, WORKGROUP),
  });
}
