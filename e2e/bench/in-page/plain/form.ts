/** The same work by kernels that each do one thing, for comparison: what a fused kernel is worth. */
import type { Prepared } from '../../../../src/gpu/kernel';

export interface PlainForm {
  forward: readonly Prepared[];
  /** After `forward`, whose tensors it reads. */
  backward: readonly Prepared[];
  /** To be destroyed. */
  owned: readonly { destroy(): void }[];
}
