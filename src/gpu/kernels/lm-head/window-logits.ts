/** Logits of the response's states, a window of the vocabulary at a time: the matrix product into one scratch. */
import type { Prepared, Step } from '../../kernel';
import type { Tensor } from '../../tensor';
import { matmul } from '../matmul/matmul';
import { columnsOf, type Plan, type States } from './plan';

export interface WindowLogits {
  /** Copies the states together; nothing where they lie so. */
  readonly gather: readonly Step[];
  /** One of each window: overwrites the scratch. */
  readonly products: readonly Prepared[];
  /** The scratch: [R, width of the window], as the product gives them. */
  readonly logits: Tensor;
  destroy(): void;
}

/** @param whose "reference " of a scratch that is not the policy's */
export async function windowLogits(
  plan: Plan,
  { hidden, offset }: States,
  whose = '',
): Promise<WindowLogits> {
  const { runner, R, D, windows } = plan;
  const logits = plan.windowScratch(`${whose}logits`);
  const isDense = hidden.size === R * D;
  const states = isDense ? hidden : plan.scratch(`${whose}states`, D);
  const products = await Promise.all(
    windows.map((window) =>
      matmul(runner, {
        a: states,
        b: window.rows,
        out: columnsOf(logits, window),
        M: R,
        K: D,
        N: window.width,
        transposeB: true,
      }),
    ),
  );
  return {
    gather: isDense ? [] : plan.gather(hidden, offset, states),
    products,
    logits,
    destroy() {
      const scratch = isDense ? [logits] : [logits, states];
      for (const part of [...products, ...scratch]) part.destroy();
    },
  };
}
