/** Sum over all axes but the last: the gradient of a bias. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import code from './column-sum.wgsl?raw';

/** x [M, N]; out [N]. `accumulate` adds to what out holds. */
export interface ColumnSum {
  x: Tensor;
  out: Tensor;
  accumulate?: boolean;
}

export function columnSum(runner: KernelRunner, args: ColumnSum): Promise<Dispatch> {
  const N = args.out.size;
  const M = args.x.size / N;
  return runner.prepare({
    label: 'column sum',
    code,
    inputs: [args.x],
    outputs: [args.out],
    params: { M: u32(M), N: u32(N), accumulate: u32(Number(args.accumulate ?? false)) },
    workgroups: [Math.ceil(N / 16)],
  });
}
