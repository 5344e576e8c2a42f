/**
 * A safetensors file as it arrives: the header is checked first, then each tensor's elements are handed
 * on in pieces of at most `PIECE_BYTES`, so that a file of any size passes through little memory.
 */
import { Fault } from '../faults';
import {
  floatBytes,
  type Header,
  headerLength,
  LENGTH_BYTES,
  parseHeader,
  type StoredEntry,
} from './safetensors-header';

const PIECE_BYTES = 4 << 20;

/**
 * Takes whole elements of one tensor, as they are stored, from element `first` on, which is even: two
 * halves make a word of the GPU's. The bytes are the receiver's only until it returns.
 */
export type Receive = (piece: Uint8Array, first: number) => void;

/**
 * @param fileBytes the length that the whole file is to have
 * @param open called once with the header; says for each tensor who receives it, or undefined to skip it
 * @throws Fault bad-file, and what `open` throws
 */
export async function readSafetensors(
  file: string,
  fileBytes: number,
  stream: ReadableStream<Uint8Array>,
  open: (header: Header) => Promise<(entry: StoredEntry) => Receive | undefined>,
): Promise<void> {
  const bytes = new Bytes(file, fileBytes, stream);
  try {
    const start = await bytes.exactly(Math.min(LENGTH_BYTES + 1, fileBytes));
    const length = headerLength(file, start, fileBytes);
    const rest = await bytes.exactly(length - 1);
    const json = new Uint8Array(length);
    json.set(start.subarray(LENGTH_BYTES));
    json.set(rest, 1);
    const header = parseHeader(file, json, fileBytes);
    const receiverOf = await open(header);
    for (const entry of header.entries) await readTensor(file, bytes, entry, receiverOf(entry));
  } finally {
    await bytes.close();
  }
}

async function readTensor(
  file: string,
  bytes: Bytes,
  entry: StoredEntry,
  receive: Receive | undefined,
): Promise<void> {
  const size = receive ? floatBytes(file, entry) : 1;
  let first = 0;
  for (let left = entry.to - entry.from; left > 0;) {
    const piece = await bytes.some(Math.min(left, PIECE_BYTES), left > size ? 2 * size : size);
    receive?.(piece, first);
    first += piece.byteLength / size;
    left -= piece.byteLength;
  }
}

/** A stream of bytes, taken in amounts that the reader chooses. */
class Bytes {
  readonly #file: string;
  readonly #fileBytes: number;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #chunk = new Uint8Array();
  #taken = 0;

  constructor(file: string, fileBytes: number, stream: ReadableStream<Uint8Array>) {
    this.#file = file;
    this.#fileBytes = fileBytes;
    this.#reader = stream.getReader();
  }

  async exactly(count: number): Promise<Uint8Array> {
    const out = new Uint8Array(count);
    for (let at = 0; at < count;) {
      const piece = await this.some(count - at, 1);
      out.set(piece, at);
      at += piece.byteLength;
    }
    return out;
  }

  /** At least one and at most `most` bytes, in whole elements of `size`; `most` is a multiple of it. */
  async some(most: number, size: number): Promise<Uint8Array> {
    while (this.#chunk.byteLength < size) await this.#more();
    const available = Math.min(most, this.#chunk.byteLength);
    const count = available - (available % size);
    const piece = this.#chunk.subarray(0, count);
    this.#chunk = this.#chunk.subarray(count);
    this.#taken += count;
    return piece;
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }

  /** Puts what comes next behind the few bytes that are left. */
  async #more(): Promise<void> {
    const { done, value } = await this.#reader.read();
    if (done) {
      const have = this.#taken + this.#chunk.byteLength;
      const problem = `It is cut off: it has ${have} bytes, it needs ${this.#fileBytes}.`;
      throw new Fault({ kind: 'bad-file', file: this.#file, problem });
    }
    if (this.#chunk.byteLength === 0) {
      this.#chunk = value as Uint8Array<ArrayBuffer>;
      return;
    }
    const both = new Uint8Array(this.#chunk.byteLength + value.byteLength);
    both.set(this.#chunk);
    both.set(value, this.#chunk.byteLength);
    this.#chunk = both;
  }
}
