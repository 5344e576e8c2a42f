/** A standing staging buffer for values that are read back again and again. */
import type { Gpu } from './device';
import type { Tensor } from './tensor';

export class Readback {
  readonly #gpu: Gpu;
  readonly #tensors: readonly Tensor[];
  readonly #staging: GPUBuffer;

  constructor(gpu: Gpu, label: string, tensors: readonly Tensor[]) {
    this.#gpu = gpu;
    this.#tensors = tensors;
    const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
    this.#staging = gpu.createBuffer(label, bytes, 0x1 | 0x8); // MAP_READ | COPY_DST
  }

  /** Copies every tensor in queue order and waits; one mapping for all of them. */
  async read(): Promise<Float32Array[]> {
    const bits = await this.#map();
    return bits.map((part) => new Float32Array(part));
  }

  /** The same, for integer tensors. */
  async readIntegers(): Promise<Uint32Array[]> {
    const bits = await this.#map();
    return bits.map((part) => new Uint32Array(part));
  }

  async #map(): Promise<ArrayBuffer[]> {
    const encoder = this.#gpu.device.createCommandEncoder({ label: this.#staging.label });
    let offset = 0;
    for (const tensor of this.#tensors) {
      encoder.copyBufferToBuffer(tensor.buffer, 0, this.#staging, offset, tensor.bytes);
      offset += tensor.bytes;
    }
    this.#gpu.submit(encoder.finish());
    await this.#gpu.map(this.#staging, offset);
    // One range for all: a range may only begin at a multiple of 8 bytes, which an odd tensor is not.
    const all = this.#staging.getMappedRange(0, offset);
    const parts: ArrayBuffer[] = [];
    let start = 0;
    for (const { bytes } of this.#tensors) {
      parts.push(all.slice(start, start + bytes));
      start += bytes;
    }
    this.#staging.unmap();
    return parts;
  }

  destroy(): void {
    this.#gpu.destroyBuffer(this.#staging);
  }
}
