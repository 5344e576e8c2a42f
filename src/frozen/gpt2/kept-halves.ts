/**
 * A stored checkpoint as the GPU was given it, its matrices as halves, kept beside the original: the next
 * start reads half the bytes and converts nothing. It is written while the original is read, under a
 * temporary name, and goes when the original does (hub/store.ts). Without room on the disk, or while
 * another tab writes it, the start goes on without: the original will do again.
 */
import { encodeHeader, type SafetensorsDType } from '../../math/safetensors-header';
import { AS_HALVES, type Incoming, type ModelStore } from '../hub/store';

const PATH = `model.safetensors${AS_HALVES}`;

export interface KeptEntry {
  name: string;
  dtype: Extract<SafetensorsDType, 'F16' | 'F32'>;
  shape: readonly number[];
}

export class KeptHalves {
  readonly #store: Pick<ModelStore, 'read' | 'receive'>;
  readonly #repository: string;

  constructor(store: Pick<ModelStore, 'read' | 'receive'>, repository: string) {
    this.#store = store;
    this.#repository = repository;
  }

  /** What faults call it. */
  get name(): string {
    return `${this.#repository}/${PATH}`;
  }

  read(): Promise<File | undefined> {
    return this.#store.read(this.#repository, PATH);
  }

  /**
   * @param entries in the order in which their data will be written
   * @param originalBytes nothing is kept where it would save nothing
   */
  async begin(entries: readonly KeptEntry[], originalBytes: number): Promise<HalvesWriter> {
    const { header, dataBytes } = encodeHeader(entries);
    const bytes = header.length + dataBytes;
    if (bytes >= originalBytes) return new HalvesWriter(undefined);
    try {
      const file = { path: PATH, bytes, hash: undefined };
      const incoming = await this.#store.receive(this.#repository, file);
      incoming.restart();
      const writer = new HalvesWriter(incoming);
      writer.write(header);
      return writer;
    } catch {
      return new HalvesWriter(undefined);
    }
  }
}

/** Takes the data, tensor after tensor; once something went wrong it takes nothing more. */
export class HalvesWriter {
  #incoming: Incoming | undefined;
  #failed: Incoming | undefined;

  constructor(incoming: Incoming | undefined) {
    this.#incoming = incoming;
  }

  write({ buffer, byteOffset, byteLength }: ArrayBufferView): void {
    try {
      this.#incoming?.write(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
    } catch {
      this.#failed = this.#incoming;
      this.#incoming = undefined;
    }
  }

  /** Gives the file its name; deletes it where it is not whole. */
  async finish(): Promise<void> {
    if (this.#failed) return this.discard();
    await this.#incoming?.finish();
  }

  async discard(): Promise<void> {
    await (this.#failed ?? this.#incoming)?.discard();
  }
}
