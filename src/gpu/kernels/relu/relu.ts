/** Rectifier, and its gradient from the output. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { elementWorkgroups } from '../workgroups';
import backwardCode from './backward.wgsl?raw';
import forwardCode from './forward.wgsl?raw';

const WORKGROUP = 64;

/** x, y of one shape. */
export interface ReluForward {
  x: Tensor;
  y: Tensor;
}

export function reluForward(runner: KernelRunner, { x, y }: ReluForward): Promise<Dispatch> {
  return runner.prepare({
    label: 'relu forward',
    code: forwardCode,
    overrides: { WORKGROUP },
    inputs: [x],
    outputs: [y],
    params: { n: u32(x.size) },
    workgroups: elementWorkgroups(x.size, WORKGROUP),
  });
}

/** dout, y, dx of one shape; y is the forward's output. */
export interface ReluBackward {
  dout: Tensor;
  y: Tensor;
  dx: Tensor;
}

export function reluBackward(
  runner: KernelRunner,
  { dout, y, dx }: ReluBackward,
): Promise<Dispatch> {
  return runner.prepare({
    label: 'relu backward',
    code: backwardCode,
    overrides: { WORKGROUP },
    inputs: [dout, y],
    outputs: [dx],
    params: { n: u32(y.size) },
    workgroups: elementWorkgroups(y.size, WORKGROUP),
  });
}
