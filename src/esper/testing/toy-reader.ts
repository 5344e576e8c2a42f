/** A language model of a handful of tokens, whose logits are drawn for each context, for tests of decoding. */
import { Random } from '../../math/random';
import type { Reader } from '../decode/reader';

export function toyReader(vocabulary: number, seed: number): Reader & { reads: number } {
  const logitsAfter = (sequence: readonly number[]): Float32Array => {
    // Every context is a number of its own, and that a stream.
    const stream = sequence.reduce((sum, token) => sum * (vocabulary + 1) + token + 1, 0);
    const random = new Random(seed, stream);
    return Float32Array.from({ length: vocabulary }, () => 2 * random.normal());
  };
  return {
    reads: 0,
    async after(sequences) {
      this.reads++;
      return sequences.map(logitsAfter);
    },
    async along(sequence, from) {
      return Array.from({ length: sequence.length - from + 1 }, (_, i) =>
        logitsAfter(sequence.slice(0, from + i)),
      );
    },
  };
}

/** log p of a token after a sequence, straight from the definition. */
export async function logpAfter(
  reader: Reader,
  sequence: readonly number[],
  token: number,
): Promise<number> {
  const [logits] = await reader.after([sequence]);
  const total = logits!.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits![token]! - Math.log(total);
}
