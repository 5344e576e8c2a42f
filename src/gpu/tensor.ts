/**
 * A GPUBuffer with a shape, row-major. Elements have 4 bytes, except f16: those lie two to a word, the first
 * in the low half, and are handed over and read as bits. The creator destroys it.
 */
import type { Gpu } from './device';

export type DType = 'f32' | 'f16' | 'u32' | 'i32';
export type TensorData = Float32Array | Uint16Array | Uint32Array | Int32Array;

const ARRAYS = { f32: Float32Array, f16: Uint16Array, u32: Uint32Array, i32: Int32Array } as const;

export const STORAGE_USAGE = 0x80 | 0x4 | 0x8; // STORAGE | COPY_SRC | COPY_DST, usable where GPUBufferUsage is not

export class Tensor {
  readonly label: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly buffer: GPUBuffer;
  /** Where it begins in its buffer, in bytes: a tensor has one of its own. */
  readonly offset: number = 0;
  readonly #gpu: Gpu;

  /** A zeroed tensor. */
  constructor(gpu: Gpu, label: string, shape: readonly number[], dtype: DType = 'f32') {
    this.#gpu = gpu;
    this.label = label;
    this.shape = shape;
    this.dtype = dtype;
    this.buffer = gpu.createBuffer(label, this.bytes, STORAGE_USAGE);
  }

  /** A tensor holding `data`, whose length must be the product of `shape`. */
  static from(gpu: Gpu, label: string, shape: readonly number[], data: TensorData): Tensor {
    const tensor = new Tensor(gpu, label, shape, dtypeOf(data));
    tensor.write(data);
    return tensor;
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, extent) => product * extent, 1);
  }

  /** Of its elements, in whole words. */
  get bytes(): number {
    return this.dtype === 'f16' ? Math.ceil(this.size / 2) * 4 : this.size * 4;
  }

  /**
   * Overwrites all elements, in queue order; with `first`, only those from there on. Of f16 `first` is even,
   * and an odd number of values zeroes the one behind them.
   */
  write(data: TensorData, first?: number): void {
    if (dtypeOf(data) !== this.dtype)
      throw new TypeError(`${this.label}: ${dtypeOf(data)} values for ${this.dtype}`);
    const room = this.size - (first ?? 0);
    if (first === undefined ? data.length !== room : data.length > room)
      throw new RangeError(`${this.label}: ${data.length} values for shape [${this.shape}]`);
    const { buffer, byteOffset, byteLength } = wholeWords(data);
    const offset = (first ?? 0) * data.BYTES_PER_ELEMENT;
    this.#gpu.upload(this.buffer, offset, buffer as ArrayBuffer, byteOffset, byteLength);
  }

  /** Reads all elements back through a buffer of its own; steady state uses `Readback`. */
  async read(): Promise<TensorData> {
    const { bytes } = this;
    const staging = this.#gpu.createBuffer(`${this.label} read`, bytes, 0x1 | 0x8); // MAP_READ | COPY_DST
    const encoder = this.#gpu.device.createCommandEncoder({ label: `read ${this.label}` });
    encoder.copyBufferToBuffer(this.buffer, 0, staging, 0, bytes);
    this.#gpu.submit(encoder.finish());
    try {
      await this.#gpu.map(staging, bytes);
      return new ARRAYS[this.dtype](staging.getMappedRange(0, bytes).slice(0), 0, this.size);
    } finally {
      this.#gpu.destroyBuffer(staging);
    }
  }

  destroy(): void {
    this.#gpu.destroyBuffer(this.buffer);
  }
}

function dtypeOf(data: TensorData): DType {
  if (data instanceof Float32Array) return 'f32';
  if (data instanceof Uint16Array) return 'f16';
  return data instanceof Uint32Array ? 'u32' : 'i32';
}

function wholeWords(data: TensorData): TensorData {
  if (data.byteLength % 4 === 0) return data;
  const padded = new Uint16Array(data.length + 1);
  padded.set(data);
  return padded;
}
