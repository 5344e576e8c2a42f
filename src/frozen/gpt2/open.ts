/** The frozen GPT-2 on what suits the adapter and the weights. */
import type { Gpu } from '../../gpu/device';
import type { KernelRunner } from '../../gpu/kernel';
import { type Provider, providerFor } from '../provider';
import { withDeepPrefix } from './deep-prefix';
import { KernelLanguageModel } from './kernel-model';
import type { LanguageModel } from './model';
import { WasmLanguageModel } from './wasm-model';
import { WebGpuLanguageModel } from './webgpu-model';
import type { Gpt2Weights } from './weights';

/** ONNX Runtime reads no halves, and binds each matrix whole. */
export function lmProviderFor(gpu: Gpu, { wte, head }: Gpt2Weights): Provider | 'kernels' {
  if (wte.dtype === 'f16') return 'kernels';
  const provider = providerFor(gpu);
  const isBindable =
    Math.max(wte.bytes, head.bytes) <= gpu.device.limits.maxStorageBufferBindingSize;
  return provider === 'wasm' || isBindable ? provider : 'kernels';
}

/**
 * The model does not own the weights: whoever loaded them destroys them.
 */
export async function openLanguageModel(
  runner: KernelRunner,
  weights: Gpt2Weights,
  on: Provider | 'kernels' = lmProviderFor(runner.gpu, weights),
): Promise<LanguageModel> {
  const kernels = new KernelLanguageModel(runner, weights);
  if (on === 'kernels') return kernels;
  const model =
    on === 'wasm'
      ? await WasmLanguageModel.create(runner.gpu, weights)
      : new WebGpuLanguageModel(runner.gpu, weights);
  return withDeepPrefix(model, kernels);
}
