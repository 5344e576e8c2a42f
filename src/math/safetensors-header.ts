/**
 * The header of a safetensors file: u64 header length, JSON header, then the tensors' bytes,
 * little-endian and without gaps. Source: huggingface.co/docs/safetensors. Whatever is wrong with a
 * file is told as a `bad-file` fault with the numbers, before any of its data is looked at.
 */
import { z } from 'zod';
import { Fault } from '../faults';
import { bfloat16ToFloat32, float16ToFloat32 } from './half-floats';

/** Bytes an element; the float types are those whose values can be read here. */
const ELEMENT_BYTES = {
  F32: 4,
  F16: 2,
  BF16: 2,
  F64: 8,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type SafetensorsDType = keyof typeof ELEMENT_BYTES;

/** Bytes of the header's length, before it. */
export const LENGTH_BYTES = 8;
/** The bound of the format's own reader. */
const MAX_HEADER_BYTES = 100_000_000;
const OPENING_BRACE = 0x7b;
/** The data begins at a multiple of this; the JSON is padded with spaces. */
const ALIGNMENT = 8;

const natural = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(natural),
  data_offsets: z.tuple([natural, natural]),
});
const metadataSchema = z.record(z.string(), z.string());

/** One tensor as the header tells of it. */
export interface StoredEntry {
  name: string;
  dtype: SafetensorsDType;
  shape: readonly number[];
  /** Its bytes, counted from the end of the header. */
  from: number;
  to: number;
}

export interface Header {
  metadata: Readonly<Record<string, string>>;
  /** In the order of their bytes. */
  entries: readonly StoredEntry[];
}

const bad = (file: string, problem: string) => new Fault({ kind: 'bad-file', file, problem });

/**
 * The header's length, from the file's first nine bytes (fewer where the file has fewer).
 * @throws Fault bad-file
 */
export function headerLength(file: string, start: Uint8Array, fileBytes: number): number {
  if (start.byteLength < LENGTH_BYTES)
    throw bad(file, `It has ${fileBytes} bytes; a safetensors file has at least ${LENGTH_BYTES}.`);
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES || start[LENGTH_BYTES] !== OPENING_BRACE)
    throw bad(file, 'It does not begin like a safetensors file.');
  if (LENGTH_BYTES + length > fileBytes)
    throw bad(
      file,
      `It is cut off: it has ${fileBytes} bytes, its header alone needs ${LENGTH_BYTES + length}.`,
    );
  return length;
}

/**
 * Reads the header's JSON and checks it against the length of the whole file.
 * @throws Fault bad-file
 */
export function parseHeader(file: string, json: Uint8Array, fileBytes: number): Header {
  const { __metadata__: rawMetadata, ...raw } = parseJson(file, json);
  const metadata = metadataSchema.safeParse(rawMetadata ?? {});
  if (!metadata.success) throw bad(file, 'Its metadata are not pairs of texts.');
  const entries = Object.entries(raw).map(([name, value]) => parseEntry(file, name, value));
  entries.sort((a, b) => a.from - b.from || a.to - b.to);
  checkRanges(file, entries, fileBytes, LENGTH_BYTES + json.byteLength);
  return { metadata: metadata.data, entries };
}

/** A file's bytes before its data, and how many its data has: the tensors in this order, without gaps. */
export function encodeHeader(
  entries: readonly Pick<StoredEntry, 'name' | 'dtype' | 'shape'>[],
  metadata: Readonly<Record<string, string>> = {},
): { header: Uint8Array<ArrayBuffer>; dataBytes: number } {
  const json: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) json['__metadata__'] = metadata;
  let end = 0;
  for (const { name, dtype, shape } of entries) {
    const from = end;
    end += elements(shape) * ELEMENT_BYTES[dtype];
    json[name] = { dtype, shape, data_offsets: [from, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(json));
  const length = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const header = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, LENGTH_BYTES);
  return { header, dataBytes: end };
}

/** Bytes of one element, of a type whose values can be read. @throws Fault bad-file */
export function floatBytes(file: string, { name, dtype }: StoredEntry): number {
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16')
    throw bad(file, `Tensor ${name} has type ${dtype}; F32, F16 and BF16 can be used.`);
  return ELEMENT_BYTES[dtype];
}

/** Whole elements of one of the float types as f32; F32 is a view where its alignment allows. */
export function toFloat32(dtype: SafetensorsDType, data: Uint8Array): Float32Array {
  if (dtype === 'F16') return float16ToFloat32(toWords16(data));
  if (dtype === 'BF16') return bfloat16ToFloat32(toWords16(data));
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

/** The bits of 16-bit elements; a view where their alignment allows. */
export function toWords16(data: Uint8Array): Uint16Array {
  const aligned = data.byteOffset % 2 === 0 ? data : data.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function parseJson(file: string, bytes: Uint8Array): Record<string, unknown> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw bad(file, `Its header of ${bytes.byteLength} bytes is not valid JSON.`);
  }
}

function parseEntry(file: string, name: string, raw: unknown): StoredEntry {
  const entry = entrySchema.safeParse(raw);
  if (!entry.success) throw bad(file, `The entry of tensor ${name} is not valid.`);
  const { dtype, shape, data_offsets } = entry.data;
  if (!(dtype in ELEMENT_BYTES)) throw bad(file, `Tensor ${name} has the unknown type ${dtype}.`);
  const known = dtype as SafetensorsDType;
  const [from, to] = data_offsets;
  const need = elements(shape) * ELEMENT_BYTES[known];
  if (to - from !== need)
    throw bad(
      file,
      `Tensor ${name} has ${to - from} bytes, its shape [${shape.join(', ')}] of ${dtype} needs ${need}.`,
    );
  return { name, dtype: known, shape, from, to };
}

/** The tensors must cover the data exactly: no overlap, no gap, nothing missing or left over. */
function checkRanges(
  file: string,
  entries: readonly StoredEntry[],
  fileBytes: number,
  dataStart: number,
): void {
  let end = 0;
  for (const { name, from, to } of entries) {
    if (from < end)
      throw bad(file, `Tensor ${name} begins at byte ${from}, inside the one before it.`);
    if (from > end) throw bad(file, `Bytes ${end} to ${from} belong to no tensor.`);
    end = to;
  }
  const need = dataStart + end;
  if (need > fileBytes)
    throw bad(file, `It is cut off: it has ${fileBytes} bytes, it needs ${need}.`);
  if (need < fileBytes) throw bad(file, `It has ${fileBytes} bytes, its tensors end at ${need}.`);
}
