/** Mean cosine between a response's text embeddings and the embedding of its picture: CLIP's score. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { rowWorkgroups } from '../workgroups';
import workgroupSum from '../workgroup-sum.wgsl?raw';
import code from './cosine.wgsl?raw';

/**
 * image [I, E], text [M, E], of any length; imageIndex u32 [B] < I; first u32 [B + 1], ascending, at most M:
 * episode b's texts are the rows from first[b] to first[b + 1]; out [B].
 */
export interface Cosine {
  image: Tensor;
  text: Tensor;
  imageIndex: Tensor;
  first: Tensor;
  out: Tensor;
}

export function cosine(runner: KernelRunner, args: Cosine): Promise<Dispatch> {
  const B = args.imageIndex.size;
  return runner.prepare({
    label: 'cosine',
    code: workgroupSum + code,
    inputs: [args.image, args.text, args.imageIndex, args.first],
    outputs: [args.out],
    params: { B: u32(B), E: u32(args.image.shape.at(-1)!) },
    workgroups: rowWorkgroups(B),
  });
}
