/** A GPT-2 small enough for the software adapter, with random weights, for tests. */
import type { Gpu } from '../../../gpu/device';
import { Tensor } from '../../../gpu/tensor';
import { halfNormals } from '../../../gpu/testing/harness';
import { float32ToFloat16 } from '../../../math/half-floats';
import { assembleWeights, storedAs } from '../parameters';
import type { Gpt2Config, Gpt2Weights, WeightDType } from '../weights';

export const SMALL: Gpt2Config = {
  vocab_size: 97,
  n_positions: 48,
  n_embd: 32,
  n_layer: 2,
  n_head: 4,
  layer_norm_epsilon: 1e-5,
  eos_token_id: 96,
};

/**
 * Weights large enough that attention and GELU leave their linear range; matrices hold what f16 holds, so
 * that either storage is the same network.
 */
export function smallWeights(
  gpu: Gpu,
  config = SMALL,
  seed = 1,
  storage: WeightDType = 'f32',
): Gpt2Weights {
  return assembleWeights(config, (name, shape) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const gain = /ln_\w+\.weight$/.test(name);
    const values = halfNormals(size, seed + hash(name), gain ? 0.1 : 0.3);
    if (gain)
      return Tensor.from(
        gpu,
        name,
        shape,
        values.map((value) => 1 + value),
      );
    const isHalf = storedAs(name, shape, storage) === 'f16';
    return Tensor.from(gpu, name, shape, isHalf ? float32ToFloat16(values) : values);
  });
}

/** A seed of its own for each name. */
function hash(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}
