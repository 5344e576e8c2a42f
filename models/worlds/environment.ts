/** transformers.js in a page of the worlds' scripts: the bundled files, on one thread of ONNX Runtime's WASM. */
import { env, type Tensor } from '@huggingface/transformers';

env.allowRemoteModels = false;
env.allowLocalModels = true;
env.localModelPath = '/models/';
env.useBrowserCache = false;
env.backends.onnx.wasm!.wasmPaths = '/ort/';
env.backends.onnx.wasm!.numThreads = 1;

export const OPTIONS = { device: 'wasm', dtype: 'fp32' } as const;

export const rows = (tensor: Tensor): number[][] => tensor.tolist() as number[][];
