/** A decoding wherever its logits are, for tests that compare models. */
import type { Tensor } from '../../../gpu/tensor';
import type { Decoding } from '../model';

/** f32 [B, V], of the next token. */
export async function logitsOf({ logits }: Decoding): Promise<Float32Array> {
  return logits instanceof Float32Array ? logits : ((await logits.read()) as Float32Array);
}

/** @param next u32 [B], overwritten with `tokens` where the model reads on the GPU */
export async function readOn(decoding: Decoding, tokens: Uint32Array, next: Tensor): Promise<void> {
  if (decoding.place === 'memory') return decoding.step(Int32Array.from(tokens));
  next.write(tokens);
  await decoding.step(next);
}
