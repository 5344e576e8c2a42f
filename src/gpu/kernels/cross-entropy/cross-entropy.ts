/** Cross-entropy of given texts, and its gradient for the log-probability of each token. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { PPO_STATS } from '../ppo-loss/ppo-loss';
import workgroupSum from '../workgroup-sum.wgsl?raw';
import code from './cross-entropy.wgsl?raw';

/**
 * logp [R, T] is the minibatch's own; lengths u32 [B] are the whole batch's, picked by rows u32 [R] < B.
 * Gradient dlogp [R, T]; stats [S, PPO_STATS.length] gets the loss as `nllLoss`, and the tokens.
 */
export interface CrossEntropy {
  logp: Tensor;
  lengths: Tensor;
  rows: Tensor;
  dlogp: Tensor;
  stats: Tensor;
}

/** Param `statsRow`: the row of `stats` to write, 0 at first. */
export function crossEntropy(runner: KernelRunner, args: CrossEntropy): Promise<Dispatch> {
  const R = args.rows.size;
  return runner.prepare({
    label: 'cross-entropy',
    code: workgroupSum + code,
    overrides: { STATS: PPO_STATS.length },
    inputs: [args.logp, args.lengths, args.rows],
    outputs: [args.dlogp, args.stats],
    params: { R: u32(R), T: u32(args.logp.size / R), statsRow: u32(0) },
    workgroups: [1],
  });
}
