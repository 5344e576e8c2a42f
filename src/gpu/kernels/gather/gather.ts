/** Rows of a table by index: features of pictures, tokens of episodes. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { elementWorkgroups } from '../workgroups';
import code from './gather.wgsl?raw';

const WORKGROUP = 64;

/**
 * source [N, C], index u32 [R] with values < N, out [R, C] of the source's type; with via u32 [V] index has values
 * < V, and via those < N.
 */
export interface Gather {
  source: Tensor;
  index: Tensor;
  via?: Tensor;
  out: Tensor;
}

export function gather(
  runner: KernelRunner,
  { source, index, via, out }: Gather,
): Promise<Dispatch> {
  const R = index.size;
  return runner.prepare({
    label: 'gather',
    code,
    overrides: { WORKGROUP },
    inputs: [source, index, via ?? runner.spare.read],
    outputs: [out],
    params: { R: u32(R), C: u32(out.size / R), has_via: u32(Number(via !== undefined)) },
    workgroups: elementWorkgroups(out.size, WORKGROUP),
  });
}
