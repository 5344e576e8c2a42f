/** Where ONNX Runtime runs the frozen networks: its WebGPU kernels, or its WASM kernels on the CPU. */
import type { Gpu } from '../gpu/device';

export type Provider = 'webgpu' | 'wasm';

/** On a software adapter WebGPU's kernels are 30 times slower than WASM on the same CPU. */
export function providerFor(gpu: Gpu): Provider {
  return gpu.isSoftware ? 'wasm' : 'webgpu';
}
