/** A GPUBuffer with a shape: row-major, 4-byte elements. The creator destroys it. */
import type { Gpu } from './device';

export type DType = 'f32' | 'u32' | 'i32';
export type TensorData = Float32Array | Uint32Array | Int32Array;

const ARRAYS = { f32: Float32Array, u32: Uint32Array, i32: Int32Array } as const;

export const STORAGE_USAGE = 0x80 | 0x4 | 0x8; // STORAGE | COPY_SRC | COPY_DST, usable where GPUBufferUsage is not

export class Tensor {
  readonly label: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly buffer: GPUBuffer;
  readonly #gpu: Gpu;

  /** A zeroed tensor. */
  constructor(gpu: Gpu, label: string, shape: readonly number[], dtype: DType = 'f32') {
    this.#gpu = gpu;
    this.label = label;
    this.shape = shape;
    this.dtype = dtype;
    this.buffer = gpu.createBuffer(label, this.size * 4, STORAGE_USAGE);
  }

  /** A tensor holding `data`, whose length must be the product of `shape`. */
  static from(gpu: Gpu, label: string, shape: readonly number[], data: TensorData): Tensor {
    const dtype =
      data instanceof Float32Array ? 'f32' : data instanceof Uint32Array ? 'u32' : 'i32';
    const tensor = new Tensor(gpu, label, shape, dtype);
    tensor.write(data);
    return tensor;
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, extent) => product * extent, 1);
  }

  /** Overwrites all elements, in queue order; with `first`, only those from there on. */
  write(data: TensorData, first?: number): void {
    const room = this.size - (first ?? 0);
    if (first === undefined ? data.length !== room : data.length > room)
      throw new RangeError(`${this.label}: ${data.length} values for shape [${this.shape}]`);
    this.#gpu.device.queue.writeBuffer(
      this.buffer,
      (first ?? 0) * 4,
      data.buffer as ArrayBuffer,
      data.byteOffset,
      data.byteLength,
    );
  }

  /** Reads all elements back through a buffer of its own; steady state uses `Readback`. */
  async read(): Promise<TensorData> {
    const bytes = this.size * 4;
    const staging = this.#gpu.createBuffer(`${this.label} read`, bytes, 0x1 | 0x8); // MAP_READ | COPY_DST
    const encoder = this.#gpu.device.createCommandEncoder({ label: `read ${this.label}` });
    encoder.copyBufferToBuffer(this.buffer, 0, staging, 0, bytes);
    this.#gpu.device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(0x1, 0, bytes);
      return new ARRAYS[this.dtype](staging.getMappedRange(0, bytes).slice(0));
    } finally {
      this.#gpu.destroyBuffer(staging);
    }
  }

  destroy(): void {
    this.#gpu.destroyBuffer(this.buffer);
  }
}
