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

/** The sum of R rows [R, …]: the gradient of a bias, or of what rows share, computed where it is needed too. */
export interface SumGradient {
  rows: Tensor;
  R: number;
}

export type Gradient = Tensor | SumGradient | ProductGradient;

/** Sizes of a product: R rows that are summed over, `out` rows and `inner` columns of the matrix. */
export function productSizes({ dout, x }: ProductGradient): { R: number; out: number; in: number } {
  const R = x.shape[0] ?? 0;
  return { R, out: dout.size / R, in: x.size / R };
}

export const isProduct = (gradient: Gradient): gradient is ProductGradient => 'dout' in gradient;

/** What lies in memory, as a sum: a tensor is one of one row. */
export const asSum = (gradient: Tensor | SumGradient): SumGradient =>
  'rows' in gradient ? gradient : { rows: gradient, R: 1 };

/** The tensor that makes the gradient 0 where it is 0. */
export const factorOf = (gradient: Gradient): Tensor =>
  isProduct(gradient) ? gradient.dout : asSum(gradient).rows;
