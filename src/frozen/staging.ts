/**
 * Copies tensors of any size from the GPU to memory through one standing buffer, which grows to the
 * largest request and is then reused: in steady state nothing is created.
 */
import type { Gpu } from '../gpu/device';
import type { Tensor } from '../gpu/tensor';

export class Staging {
  readonly #gpu: Gpu;
  readonly #label: string;
  #buffer: GPUBuffer | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(gpu: Gpu, label: string) {
    this.#gpu = gpu;
    this.#label = label;
  }

  /** The bytes of each tensor as of now in queue order. Overlapping calls take turns. */
  read(tensors: readonly Tensor[]): Promise<ArrayBuffer[]> {
    const result = this.#turn.then(() => this.#read(tensors));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #read(tensors: readonly Tensor[]): Promise<ArrayBuffer[]> {
    if (tensors.length === 0) return [];
    // A mapped range starts at a multiple of 8.
    const starts: number[] = [];
    let bytes = 0;
    for (const tensor of tensors) {
      starts.push(bytes);
      bytes += Math.ceil(tensor.size / 2) * 8;
    }
    const buffer = this.#atLeast(bytes);
    const encoder = this.#gpu.device.createCommandEncoder({ label: this.#label });
    for (const [i, tensor] of tensors.entries())
      encoder.copyBufferToBuffer(tensor.buffer, 0, buffer, starts[i]!, tensor.bytes);
    this.#gpu.submit(encoder.finish());
    await this.#gpu.map(buffer, bytes);
    const parts = tensors.map((tensor, i) =>
      buffer.getMappedRange(starts[i]!, tensor.bytes).slice(0),
    );
    buffer.unmap();
    return parts;
  }

  destroy(): void {
    if (this.#buffer) this.#gpu.destroyBuffer(this.#buffer);
    this.#buffer = undefined;
  }

  #atLeast(bytes: number): GPUBuffer {
    if (this.#buffer && this.#buffer.size >= bytes) return this.#buffer;
    this.destroy();
    this.#buffer = this.#gpu.createBuffer(this.#label, bytes, 0x1 | 0x8); // MAP_READ | COPY_DST
    return this.#buffer;
  }
}
