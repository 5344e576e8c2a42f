/** The frozen GPT-2 on what suits the adapter and the weights. */
import type { KernelRunner } from '../../gpu/kernel';
import { type Provider, providerFor } from '../provider';
import { KernelLanguageModel } from './kernel-model';
import type { LanguageModel } from './model';
import { WasmLanguageModel } from './wasm-model';
import { WebGpuLanguageModel } from './webgpu-model';
import type { Gpt2Weights } from './weights';

/**
 * The model does not own the weights: whoever loaded them destroys them.
 * @param on left out, ONNX Runtime's provider that suits the adapter; for halves our own kernels
 */
export async function openLanguageModel(
  runner: KernelRunner,
  weights: Gpt2Weights,
  on: Provider | 'kernels' = weights.wte.dtype === 'f16' ? 'kernels' : providerFor(runner.gpu),
): Promise<LanguageModel> {
  if (on === 'kernels') return new KernelLanguageModel(runner, weights);
  return on === 'wasm'
    ? WasmLanguageModel.create(runner.gpu, weights)
    : new WebGpuLanguageModel(runner.gpu, weights);
}
