/**
 * ONNX Runtime as this page uses it: its WASM files served from our own origin, one lock over all
 * sessions, tensors that wrap our GPU buffers. Everything that touches onnxruntime-web, transformers.js
 * included, imports this module first.
 */
import * as ort from 'onnxruntime-web/webgpu';
import asyncifyModule from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiModule from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiBinary from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import plainModule from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import plainBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Gpu } from '../../gpu/device';
import type { Tensor } from '../../gpu/tensor';
import { type Provider, providerFor } from '../provider';
import { type Build, buildFor } from './build';
import { GraphBuilder } from './graph';

const FILES = {
  jspi: { mjs: jspiModule, wasm: jspiBinary },
  asyncify: { mjs: asyncifyModule, wasm: asyncifyBinary },
  plain: { mjs: plainModule, wasm: plainBinary },
} as const satisfies Record<Build, object>;

// For whoever makes a session without `startRuntime`.
ort.env.wasm.wasmPaths = FILES[buildFor('webgpu', WebAssembly)];

// Two threads were a sixth faster than one at best (2 layers, width 128, B = 64, two cores that other
// programs used too) and slower in the median: they spin while they wait for each other.
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

let last: Promise<unknown> = Promise.resolve();

/** Runs `work` after all that was queued before it: ONNX Runtime's calls are not re-entrant. */
export function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => undefined);
  return result;
}

/**
 * Has ONNX Runtime fetched and compiled while the models are still on their way. It is started once, so this is to
 * be called before the first session. What fails is told by the sessions.
 */
export function startRuntime(gpu: Gpu): void {
  const provider = providerFor(gpu);
  ort.env.wasm.wasmPaths = FILES[buildFor(provider, WebAssembly)];
  const graph = new GraphBuilder('start');
  const input = graph.input('input', 'float32', [1]);
  graph.output('output', graph.node('Identity', [input]), 'float32', [1]);
  Session.create(graph.build(), gpu, provider)
    .then((session) => session.dispose())
    .catch(() => {});
}

/** The execution provider as ONNX Runtime and transformers.js take it. */
export function executionProvider(
  gpu: Gpu,
  provider: Provider,
): ort.InferenceSession.ExecutionProviderConfig {
  return provider === 'wasm' ? 'wasm' : { name: 'webgpu', device: gpu.device };
}

export interface SessionOptions {
  /** The files that the model's external initializers lie in. */
  externalData?: readonly { path: string; data: Uint8Array }[];
  /** Outputs that stay on the GPU, in buffers of ONNX Runtime's. */
  gpuOutputs?: readonly string[];
}

/** One network, ready to run. */
export class Session {
  readonly #session: ort.InferenceSession;

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  static create(
    model: Uint8Array,
    gpu: Gpu,
    provider: Provider,
    { externalData = [], gpuOutputs = [] }: SessionOptions = {},
  ): Promise<Session> {
    return exclusively(async () => {
      const session = await ort.InferenceSession.create(model, {
        executionProviders: [executionProvider(gpu, provider)],
        externalData: [...externalData],
        preferredOutputLocation: Object.fromEntries(gpuOutputs.map((name) => [name, 'gpu-buffer'])),
      });
      return new Session(session);
    });
  }

  /** Outputs named in `fetches` with a tensor are written into it; with null ONNX Runtime makes one. */
  run(
    feeds: Readonly<Record<string, ort.Tensor>>,
    fetches: Readonly<Record<string, ort.Tensor | null>>,
  ): Promise<Record<string, ort.Tensor>> {
    return exclusively(async () => {
      const results = await this.#session.run({ ...feeds }, { ...fetches });
      return results as Record<string, ort.Tensor>;
    });
  }

  dispose(): Promise<void> {
    return exclusively(() => this.#session.release());
  }
}

/** A tensor of ours as ONNX Runtime sees it: the same buffer, no copy. */
export function bound(tensor: Tensor, shape: readonly number[] = tensor.shape): ort.Tensor {
  // Token ids are u32 for our kernels and int32 for ONNX: the same bits below 2³¹.
  const dataType = tensor.dtype === 'f32' ? 'float32' : 'int32';
  return ort.Tensor.fromGpuBuffer(tensor.buffer, { dataType, dims: [...shape] });
}

/** A tensor in ordinary memory. */
export function onCpu(data: Float32Array | Int32Array, shape: readonly number[]): ort.Tensor {
  return data instanceof Float32Array
    ? new ort.Tensor('float32', data, shape)
    : new ort.Tensor('int32', data, shape);
}

export type OrtTensor = ort.Tensor;
