/** Logits at some places of a pass's hidden states, read back, however many are wanted of the few rows there are. */
import { gather } from '../../gpu/kernels/gather/gather';
import { logitsForward } from '../../gpu/kernels/lm-head/logits';
import { Readback } from '../../gpu/readback';
import { Tensor } from '../../gpu/tensor';
import type { Networks } from '../networks';

export interface Places {
  /** @param rows indices into one of the `hidden`, [B · n]; their logits [V] */
  logitsOf(hidden: Tensor, rows: readonly number[]): Promise<Float32Array[]>;
  destroy(): void;
}

/**
 * @param hidden of the passes, each [B, n, D]
 * @param B places that are computed at once
 */
export async function createPlaces(
  { runner, lm }: Networks,
  hidden: readonly Tensor[],
  B: number,
): Promise<Places> {
  const { gpu } = runner;
  const { n_embd: D, vocab_size: V } = lm.config;
  const index = new Tensor(gpu, 'places', [B], 'u32');
  const states = new Tensor(gpu, 'states at places', [B, D]);
  const logits = new Tensor(gpu, 'logits at places', [B, V]);
  const [head, ...gathers] = await Promise.all([
    logitsForward(runner, { states, head: lm.weights.head, logits }),
    ...hidden.map((source) => gather(runner, { source, index, out: states })),
  ]);
  const readback = new Readback(gpu, 'logits at places', [logits]);
  return {
    async logitsOf(source, rows) {
      const found: Float32Array[] = [];
      const choose = gathers[hidden.indexOf(source)]!;
      for (let first = 0; first < rows.length; first += B) {
        const group = rows.slice(first, first + B);
        index.write(Uint32Array.from({ length: B }, (_, i) => group[i] ?? 0));
        runner.submit('logits at places', [choose, ...head.steps]);
        const [values] = await readback.read();
        found.push(...group.map((_, i) => values!.slice(i * V, (i + 1) * V)));
      }
      return found;
    },
    destroy() {
      for (const part of [head, ...gathers, readback, index, states, logits]) part.destroy();
    },
  };
}
