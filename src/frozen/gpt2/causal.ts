/** What a pass over N new positions after T past ones needs besides tokens. */
import type { Gpt2Config } from './weights';

/** Large but finite: WGSL may assume that no infinity occurs. */
const MASKED = -1e9;

/** [N, T + N]: 0 where position T + i may look at position j, that is j ≤ T + i. */
export function causalMask(N: number, T = 0): Float32Array {
  const K = T + N;
  const mask = new Float32Array(N * K);
  for (let i = 0; i < N; i++) mask.fill(MASKED, i * K + T + i + 1, (i + 1) * K);
  return mask;
}

/** [N]: T, T + 1, … */
export function positionsFrom(T: number, N: number): Int32Array {
  return Int32Array.from({ length: N }, (_, i) => T + i);
}

/** @throws RangeError where a sequence is longer than GPT-2 has positions for */
export function checkLength({ n_positions }: Gpt2Config, length: number): void {
  if (length > n_positions)
    throw new RangeError(`A sequence of ${length} positions, but GPT-2 has ${n_positions}.`);
}
