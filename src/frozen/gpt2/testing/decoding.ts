/** A decoding wherever its logits are, for tests that compare models. */
import type { Tensor } from '../../../gpu/tensor';
import type { Decoding } from '../model';

/** f32 [B, V], of the next token. */
export async function logitsOf({ logits }: Decoding): Promise<Float32Array> {
  return logits instanceof Float32Array ? logits : ((await logits.read()) as Float32Array);
}

/** @param next [B] */
export async function readOn(decoding: Decoding, next: Tensor): Promise<void> {
  if (decoding.place === 'gpu') await decoding.step(next);
  else await decoding.step(Int32Array.from(await next.read()));
}
