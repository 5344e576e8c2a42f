/** A decoding of B sequences wherever its logits are, for tests that compare models. V is the vocabulary. */
import { Tensor } from '../../../gpu/tensor';
import type { Decoding } from '../model';

/** f32 [B, V], of the next token. */
export async function logitsOf({ logits }: Decoding, B: number, V: number): Promise<Float32Array> {
  if (logits instanceof Tensor) return (await logits.read()) as Float32Array;
  const all = parents(logits, B, V).map((r) => logits.subarray(r * V, (r + 1) * V));
  return Float32Array.from(all.flatMap((row) => [...row]));
}

/**
 * @param tokens [B]
 * @param next u32 [B], overwritten with them where the model reads on the GPU
 */
export async function readOn(
  decoding: Decoding,
  tokens: Uint32Array,
  next: Tensor,
  V: number,
): Promise<void> {
  if (decoding.place === 'memory')
    return decoding.step(Int32Array.from(tokens), parents(decoding.logits, tokens.length, V));
  next.write(tokens);
  await decoding.step(next);
}

/** Which of the sequences read each of B is: at first several may share a beginning. */
function parents(logits: Float32Array, B: number, V: number): number[] {
  const R = logits.length / V;
  return Array.from({ length: B }, (_, b) => Math.floor((b * R) / B));
}
