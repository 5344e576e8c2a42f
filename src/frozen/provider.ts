/** Where ONNX Runtime runs the frozen networks: its WebGPU kernels, or its WASM kernels on the CPU. */
import type { Gpu } from '../gpu/device';

export type Provider = 'webgpu' | 'wasm';

/** On a software adapter WebGPU's kernels are 30 times slower than WASM on the same CPU. */
export function providerFor(gpu: Gpu): Provider {
  return gpu.isSoftware ? 'wasm' : 'webgpu';
}

/** As the repository's files are named: model.onnx, model_fp16.onnx, model_quantized.onnx. */
export type ClipDType = 'fp32' | 'fp16' | 'q8';

/** ONNX Runtime's WebGPU kernels take halves only where the device has 16-bit shaders; its WASM everywhere. */
export const clipProviderFor = (gpu: Gpu, dtype: ClipDType): Provider =>
  dtype === 'fp16' && !gpu.device.features.has('shader-f16') ? 'wasm' : providerFor(gpu);
