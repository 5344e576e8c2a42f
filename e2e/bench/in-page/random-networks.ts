/** A GPT-2 of any shape with random weights, as training takes its networks. */
import type { Networks } from '../../../src/esper/networks';
import { Gpt2Cache } from '../../../src/frozen/gpt2/cache';
import { Gpt2Differentiable } from '../../../src/frozen/gpt2/differentiable';
import type { LanguageModel } from '../../../src/frozen/gpt2/model';
import { assembleWeights } from '../../../src/frozen/gpt2/parameters';
import type { Gpt2Config, Gpt2Weights } from '../../../src/frozen/gpt2/weights';
import type { Gpu } from '../../../src/gpu/device';
import type { KernelRunner } from '../../../src/gpu/kernel';
import { Tensor } from '../../../src/gpu/tensor';

/** Width of the features that the projector reads. */
const E = 64;

/** @param parameters by checkpoint name */
export const uploaded = (
  gpu: Gpu,
  config: Gpt2Config,
  parameters: ReadonlyMap<string, Float32Array>,
): Gpt2Weights =>
  assembleWeights(config, (name, shape) => Tensor.from(gpu, name, shape, parameters.get(name)!));

/** Without CLIP, and texts are not wanted. */
export const networksOf = (
  runner: KernelRunner,
  lm: LanguageModel,
  query: readonly number[],
): Networks => ({
  runner,
  lm,
  differentiate: (sizes) => Gpt2Differentiable.create(runner, lm.weights, sizes),
  cache: (sizes) => Gpt2Cache.create(runner, lm.weights, sizes),
  tokenizer: { decode: () => '', encode: () => [] },
  clip: { textFeatures: async () => {} },
  E,
  query,
});
