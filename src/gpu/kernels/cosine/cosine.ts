/** Cosine between each text embedding and the embedding of its picture: CLIP's score. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { rowWorkgroups } from '../workgroups';
import code from './cosine.wgsl?raw';

/** image [I, E], text [B, E], of any length; imageIndex u32 [B] < I; out [B]. */
export interface Cosine {
  image: Tensor;
  text: Tensor;
  imageIndex: Tensor;
  out: Tensor;
}

export function cosine(runner: KernelRunner, args: Cosine): Promise<Dispatch> {
  const B = args.imageIndex.size;
  return runner.prepare({
    label: 'cosine',
    code,
    inputs: [args.image, args.text, args.imageIndex],
    outputs: [args.out],
    params: { B: u32(B), E: u32(args.text.size / B) },
    workgroups: rowWorkgroups(B),
  });
}
