/** GPU memory that GPT-2 takes, before anything is allocated. Letters as in `LanguageModel`. */
import { parameterShapes, storedAs } from './parameters';
import type { Gpt2Config, WeightDType } from './weights';

/** Bytes of each parameter. */
function parameterBytes(config: Gpt2Config, storage: WeightDType): number[] {
  return [...parameterShapes(config)].map(([name, shape]) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return size * (storedAs(name, shape, storage) === 'f16' ? 2 : 4);
  });
}

/** One copy of the weights. @returns bytes */
export const weightBytes = (config: Gpt2Config, storage: WeightDType): number =>
  parameterBytes(config, storage).reduce((sum, bytes) => sum + bytes, 0);

/** The largest parameter, which a kernel binds as a whole: wte. @returns bytes */
export const largestBinding = (config: Gpt2Config, storage: WeightDType): number =>
  Math.max(...parameterBytes(config, storage));

/**
 * What sampling T tokens for B sequences and reading them again keeps on our own kernels: caches of keys
 * and values, and the activations of each pass (`Gpt2Forward`). On ONNX Runtime it is about as much, in
 * buffers that are not ours to count.
 * @returns bytes
 */
export function decodingBytes(
  { n_embd: D, n_layer, n_head: H, vocab_size: V }: Gpt2Config,
  { B, P, Q, T }: { B: number; P: number; Q: number; T: number },
): number {
  const pass = (prefix: number, tokens: number) =>
    B * ((prefix + tokens) * (16 * D + H + 2) + prefix * D + tokens);
  const S = Q + T - 1;
  const caches = n_layer * B * (P + Q + T) * 2 * D;
  const passes = pass(P, Q) + pass(0, 1) + pass(P, S) + pass(0, S);
  return 4 * (caches + passes + B * (D + V + 1));
}
