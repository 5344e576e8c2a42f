/** GPU memory that GPT-2 takes, before anything is allocated. Letters as in `LanguageModel`. */
import { fours } from '../../gpu/rows';
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

/** Floats of the activations of a pass, a row (`Gpt2Forward`). */
function passFloats(
  { n_embd: D, n_layer, n_head: H }: Gpt2Config,
  P: number,
  tokens: number,
  deep: boolean,
): number {
  const inputs = deep ? D + n_layer * 2 * D : D; // of a prefix position
  return (P + tokens) * (16 * D + H + 2) + P * inputs + tokens;
}

/** Floats of a row of logits, and of the columns rounded up that they come from (lm-head/logits.ts). */
const logitFloats = (V: number): number => (V === fours(V) ? V : V + fours(V));

/**
 * What sampling T tokens for B sequences and reading them again keeps on our own kernels: caches of keys
 * and values, and the activations of each pass. On ONNX Runtime it is about as much, in buffers that are not
 * ours to count.
 * @returns bytes
 */
export function decodingBytes(
  config: Gpt2Config,
  { B, P, Q, T, deep }: { B: number; P: number; Q: number; T: number; deep: boolean },
): number {
  const { n_embd: D, n_layer, vocab_size: V } = config;
  const S = Q + T - 1;
  const caches = n_layer * (P + Q + T) * 2 * D;
  const passes =
    passFloats(config, 0, 1, deep) +
    passFloats(config, P, S, deep) +
    passFloats(config, 0, S, deep);
  return 4 * B * (caches + passes + logitFloats(V));
}

/**
 * What reading their beginnings keeps besides: I of them, shared by the B sequences.
 * @returns bytes
 */
export function beginningBytes(
  config: Gpt2Config,
  { I, B, P, Q, deep }: { I: number; B: number; P: number; Q: number; deep: boolean },
): number {
  const { n_embd: D, vocab_size: V } = config;
  const shared = I < B ? I * logitFloats(V) + B : 0;
  return 4 * (I * (passFloats(config, P, Q, deep) + D + 1) + shared);
}
