import { expect, it } from 'vitest';
import type { Gpu } from '../gpu/device';
import { lmProviderFor } from './gpt2/open';
import type { Gpt2Weights } from './gpt2/weights';
import { clipProviderFor } from './provider';

/** What is looked at of a device. */
function gpuWith({ isSoftware = false, f16 = false, binding = 2 ** 27 }): Gpu {
  const features = new Set(f16 ? ['shader-f16'] : []);
  const limits = { maxStorageBufferBindingSize: binding };
  return { isSoftware, device: { features, limits } } as unknown as Gpu;
}

it('runs CLIP’s halves on the GPU only where it has 16-bit shaders', () => {
  expect(clipProviderFor(gpuWith({ f16: true }), 'fp16')).toBe('webgpu');
  expect(clipProviderFor(gpuWith({}), 'fp16')).toBe('wasm');
  expect(clipProviderFor(gpuWith({}), 'fp32')).toBe('webgpu');
  expect(clipProviderFor(gpuWith({}), 'q8')).toBe('webgpu');
  expect(clipProviderFor(gpuWith({ isSoftware: true, f16: true }), 'fp32')).toBe('wasm');
});

it('runs GPT-2 on our kernels where ONNX Runtime cannot bind or read its matrices', () => {
  const weights = (dtype: 'f32' | 'f16', bytes: number) => {
    const wte = { dtype, bytes };
    return { wte, head: wte } as unknown as Gpt2Weights;
  };
  const gpt2 = weights('f32', 154_389_504);
  expect(lmProviderFor(gpuWith({}), gpt2)).toBe('kernels');
  expect(lmProviderFor(gpuWith({ binding: 2 ** 31 }), gpt2)).toBe('webgpu');
  expect(lmProviderFor(gpuWith({}), weights('f16', 77_194_752))).toBe('kernels');
  expect(lmProviderFor(gpuWith({ isSoftware: true }), gpt2)).toBe('wasm');
});
