/**
 * The one GPUDevice of the page: opened here, handed to ONNX Runtime's sessions and to our kernels.
 * Every buffer of ours is made, written, submitted and mapped through `Gpu`, so that it knows what is alive
 * and what an iteration asked for.
 */
import { Fault } from '../faults';
import { noTraffic, type Traffic } from './traffic';

/** Bytes and count of the buffers that are alive. */
export interface BufferUsage {
  buffers: number;
  bytes: number;
  /** Buffers created since the device was opened; flat in steady state. */
  created: number;
}

/** Limits that are raised to what the adapter has, each with the reason. */
const RAISED_LIMITS = [
  'maxStorageBufferBindingSize', // GPT-2's f32 wte is 154 MB, over the default 128 MiB
  'maxBufferSize', // the same tensor as a buffer
  'maxStorageBuffersPerShaderStage', // ONNX Runtime's fused kernels bind up to 10
  'maxComputeWorkgroupStorageSize', // tiles of the matrix products
  'maxComputeInvocationsPerWorkgroup', // ONNX Runtime asks for the adapter's own
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

const OPTIONAL_FEATURES: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

export class Gpu {
  readonly device: GPUDevice;
  /** For people: "google swiftshader". */
  readonly name: string;
  /** A CPU pretending to be a GPU: right but slow. */
  readonly isSoftware: boolean;
  #live = new Map<GPUBuffer, number>();
  #created = 0;
  readonly #traffic = noTraffic();

  constructor(device: GPUDevice, name: string, isSoftware: boolean) {
    this.device = device;
    this.name = name;
    this.isSoftware = isSoftware;
  }

  get usage(): BufferUsage {
    let bytes = 0;
    for (const size of this.#live.values()) bytes += size;
    return { buffers: this.#live.size, bytes, created: this.#created };
  }

  /** A copy: it stays as it is. */
  get traffic(): Traffic {
    return { ...this.#traffic };
  }

  /** A zeroed buffer of at least `bytes` bytes, rounded up to 16. Destroy it with `destroyBuffer`. */
  createBuffer(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const have = this.device.limits.maxBufferSize;
    if (size > have) throw new Fault({ kind: 'limit', name: 'maxBufferSize', have, need: size });
    const buffer = this.device.createBuffer({ label, size, usage });
    this.#live.set(buffer, size);
    this.#created++;
    return buffer;
  }

  destroyBuffer(buffer: GPUBuffer): void {
    buffer.destroy();
    this.#live.delete(buffer);
  }

  /** Writes `bytes` bytes of `data` from its byte `from` on, in queue order. */
  upload(buffer: GPUBuffer, offset: number, data: ArrayBuffer, from: number, bytes: number): void {
    this.device.queue.writeBuffer(buffer, offset, data, from, bytes);
    this.#traffic.uploads++;
    this.#traffic.uploadedBytes += bytes;
  }

  /** @param dispatches how many kernel calls it holds */
  submit(commands: GPUCommandBuffer, dispatches = 0): void {
    this.device.queue.submit([commands]);
    this.#traffic.submits++;
    this.#traffic.dispatches += dispatches;
  }

  /** Maps the first `bytes` bytes for reading, once all that was submitted before is done. */
  map(buffer: GPUBuffer, bytes: number): Promise<undefined> {
    this.#traffic.readbacks++;
    return buffer.mapAsync(0x1, 0, bytes); // READ
  }

  /** When what was submitted so far is done, by performance.now(), as far as this thread sees it. */
  async idle(): Promise<number> {
    await this.device.queue.onSubmittedWorkDone();
    return performance.now();
  }

  /** Runs `work` and throws the first validation, memory or internal error that it caused. */
  async checked<T>(label: string, work: () => T | Promise<T>): Promise<T> {
    const filters: GPUErrorFilter[] = ['validation', 'out-of-memory', 'internal'];
    for (const filter of filters) this.device.pushErrorScope(filter);
    let result: T | undefined;
    let thrown: unknown;
    try {
      result = await work();
    } catch (error) {
      thrown = error;
    }
    for (const filter of filters.toReversed()) {
      const error = await this.device.popErrorScope();
      if (!error || thrown) continue;
      thrown =
        filter === 'out-of-memory'
          ? new Fault({ kind: 'out-of-memory', label, bytes: this.usage.bytes })
          : new Fault({ kind: 'gpu', label, message: error.message });
    }
    if (thrown) throw thrown;
    return result as T;
  }

  destroy(): void {
    for (const buffer of this.#live.keys()) buffer.destroy();
    this.#live.clear();
    this.device.destroy();
  }
}

/**
 * Opens the adapter and a device with the limits that the system uses.
 * @throws Fault no-webgpu, no-adapter
 */
export async function openGpu(): Promise<Gpu> {
  if (!navigator.gpu) throw new Fault({ kind: 'no-webgpu' });
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Fault({ kind: 'no-adapter' });
  const requiredLimits: Record<string, number> = {};
  for (const limit of RAISED_LIMITS) requiredLimits[limit] = adapter.limits[limit];
  const device = await adapter.requestDevice({
    label: 'esper',
    requiredLimits,
    requiredFeatures: OPTIONAL_FEATURES.filter((feature) => adapter.features.has(feature)),
  });
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const name = [vendor, description || architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  return new Gpu(device, name, isFallbackAdapter);
}
