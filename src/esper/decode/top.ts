/**
 * Top-k and top-p without a sort, as in training's kernel (gpu/kernels/sampling): a token drawn outside is drawn
 * again among what is more likely.
 */
import type { Draw } from '../../gpu/kernels/sampling/sampling';

export type Top = Pick<Draw, 'topK' | 'topP'>;

/**
 * @param logp log-probabilities [V], forbidden ones at −∞ or so low that nothing is left of them
 * @param draw a token among those of a log-probability above `floor`
 */
export function drawInside(
  logp: Float64Array,
  { topK, topP }: Top,
  draw: (floor: number) => number,
): number {
  let floor = -Infinity;
  for (;;) {
    const token = draw(floor);
    const better = above(logp, logp[token]!);
    const isOutside = (topK > 0 && better.count >= topK) || (topP < 1 && better.mass >= topP);
    if (better.count === 0 || !isOutside) return token;
    floor = logp[token]!;
  }
}

/** How many tokens are above, and their probability. */
export function above(logp: Float64Array, floor: number): { count: number; mass: number } {
  let [count, mass] = [0, 0];
  for (const value of logp)
    if (value > floor) {
      count++;
      mass += Math.exp(value);
    }
  return { count, mass };
}
