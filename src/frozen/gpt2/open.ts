/** The frozen GPT-2 on the provider that suits the adapter. */
import type { Gpu } from '../../gpu/device';
import { type Provider, providerFor } from '../provider';
import type { LanguageModel } from './model';
import { WasmLanguageModel } from './wasm-model';
import { WebGpuLanguageModel } from './webgpu-model';
import type { Gpt2Weights } from './weights';

/** The model does not own the weights: whoever loaded them destroys them. */
export async function openLanguageModel(
  gpu: Gpu,
  weights: Gpt2Weights,
  provider: Provider = providerFor(gpu),
): Promise<LanguageModel> {
  return provider === 'wasm'
    ? WasmLanguageModel.create(gpu, weights)
    : new WebGpuLanguageModel(gpu, weights);
}
