/** Mean 0 and deviation 1 over the valid tokens of a batch: PPO's advantages, or its rewards. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import workgroupSum from '../workgroup-sum.wgsl?raw';
import code from './whiten.wgsl?raw';

/**
 * x, out [B, T], not the same tensor; lengths u32 [B] ≤ T. `shiftMean` false keeps the mean, as ESPER
 * does for rewards. `rootDeviation` divides by the deviation's square root, as its released code does.
 */
export interface Whiten {
  x: Tensor;
  lengths: Tensor;
  out: Tensor;
  shiftMean: boolean;
  rootDeviation?: boolean;
}

export function whiten(runner: KernelRunner, args: Whiten): Promise<Dispatch> {
  const B = args.lengths.size;
  return runner.prepare({
    label: 'whiten',
    code: workgroupSum + code,
    inputs: [args.x, args.lengths],
    outputs: [args.out],
    params: {
      B: u32(B),
      T: u32(args.x.size / B),
      shiftMean: u32(Number(args.shiftMean)),
      rootDeviation: u32(Number(args.rootDeviation ?? false)),
    },
    workgroups: [1],
  });
}
