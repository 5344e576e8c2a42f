/** GPU memory that GPT-2 takes, before anything is allocated. Letters as in `LanguageModel`. */
import { parameterShapes, storedAs } from './parameters';
import type { Gpt2Config, WeightDType } from './weights';

/** One copy of the weights. @returns bytes */
export function weightBytes(config: Gpt2Config, storage: WeightDType): number {
  let bytes = 0;
  for (const [name, shape] of parameterShapes(config)) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    bytes += size * (storedAs(name, shape, storage) === 'f16' ? 2 : 4);
  }
  return bytes;
}

/**
 * What sampling T tokens for B sequences and reading them again keeps on our own kernels: caches of keys
 * and values, and the activations of each pass (`Gpt2Forward`). On ONNX Runtime it is about as much, in
 * buffers that are not ours to count.
 * @returns bytes
 */
export function decodingBytes(
  { n_embd: D, n_layer, n_head: H, vocab_size: V }: Gpt2Config,
  { B, P, Q, T, deep }: { B: number; P: number; Q: number; T: number; deep: boolean },
): number {
  const inputs = deep ? D + n_layer * 2 * D : D; // of a prefix position
  const pass = (prefix: number, tokens: number) =>
    B * ((prefix + tokens) * (16 * D + H + 2) + prefix * inputs + tokens);
  const S = Q + T - 1;
  const caches = n_layer * B * (P + Q + T) * 2 * D;
  const passes = pass(P, Q) + pass(0, 1) + pass(P, S) + pass(0, S);
  return 4 * (caches + passes + B * (D + V + 1));
}
