/**
 * Logits of the next token as a function of the keys and values of everything before the last one, with the
 * gradient to them: what is kept of the past is a deep prefix before one token, through which the pass that
 * trains projectors leads back.
 * Letters: T past positions, N layers, D width, V vocabulary.
 */
import { logitsBackward, logitsForward } from '../../gpu/kernels/lm-head/logits';
import { Readback } from '../../gpu/readback';
import { Tensor } from '../../gpu/tensor';
import type { Networks } from '../networks';
import type { KeepingReader } from './reader';

export interface Bending {
  /** Logits [V] after the last token with this past, [T, N, 2, D]. */
  logitsOf(past: Float32Array): Promise<Float32Array>;
  /** The gradient of a loss to the past that `logitsOf` had last, from that to its logits [V]. */
  gradientOf(dLogits: Float32Array): Promise<Float32Array>;
  /** The past as it was read, [T, N, 2, D]. */
  readonly past: Float32Array;
  destroy(): void;
}

/**
 * @param reader read `tokens` last
 * @returns undefined where nothing is before the last of the tokens
 */
export async function bendingOf(
  { runner, lm, differentiate }: Networks,
  reader: KeepingReader,
  tokens: readonly number[],
): Promise<Bending | undefined> {
  const { gpu } = runner;
  const { vocab_size: V } = lm.config;
  const T = reader.P + tokens.length - 1;
  if (T === 0) return undefined;
  const gpt2 = await differentiate({ B: 1, P: T, S: 1, N: 1, deep: true });
  const logits = new Tensor(gpu, 'bent logits', [1, V]);
  const { head } = lm.weights;
  const [forward, backward] = await Promise.all([
    logitsForward(runner, { states: gpt2.hidden, head, logits }),
    logitsBackward(runner, { states: gpt2.dHidden, head, logits }),
  ]);
  const readLogits = new Readback(gpu, 'bent logits', [logits]);
  const readGradient = new Readback(gpu, 'gradient of the past', [gpt2.dPrefix]);
  gpt2.tokens.write(Uint32Array.of(tokens.at(-1)!));
  reader.takeOut(gpt2.prefix);
  const past = (await gpt2.prefix.read()) as Float32Array;
  return {
    past,
    async logitsOf(bent) {
      gpt2.prefix.write(bent);
      runner.submit('bent forward', [...gpt2.forward, ...forward.steps]);
      return (await readLogits.read())[0]!;
    },
    async gradientOf(dLogits) {
      logits.write(dLogits);
      runner.submit('bent backward', [...backward.steps, ...gpt2.backward]);
      return (await readGradient.read())[0]!;
    },
    destroy() {
      for (const part of [forward, backward, readLogits, readGradient, gpt2, logits])
        part.destroy();
    },
  };
}
