/** A parameter's gradient as kernels take it. */
import type { Tensor } from '../tensor';

/**
 * doutᵀ · x, the gradient of a linear layer's matrix [out, in], with dout [R, out] and x [R, in]: what the
 * optimiser needs of it is computed where it is needed, and no tensor of the matrix's size is kept.
 */
export interface ProductGradient {
  dout: Tensor;
  x: Tensor;
}

export type Gradient = Tensor | ProductGradient;

/** Sizes of a product: R rows that are summed over, `out` rows and `inner` columns of the matrix. */
export function productSizes({ dout, x }: ProductGradient): { R: number; out: number; in: number } {
  const R = x.shape[0] ?? 0;
  return { R, out: dout.size / R, in: x.size / R };
}

export const isProduct = (gradient: Gradient): gradient is ProductGradient => 'dout' in gradient;
