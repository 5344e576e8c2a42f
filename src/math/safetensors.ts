/**
 * The safetensors file format: u64 header length, JSON header, then the tensors' bytes, little-endian
 * and without gaps. Source: huggingface.co/docs/safetensors. Whatever is wrong with a file is told as
 * a `bad-file` fault with the numbers.
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

const LENGTH_BYTES = 8;
/** The bound of the format's own reader. */
const MAX_HEADER_BYTES = 100_000_000;
const ALIGNMENT = 8;

const natural = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(natural),
  data_offsets: z.tuple([natural, natural]),
});
const metadataSchema = z.record(z.string(), z.string());

/** One tensor of a file that was read. */
export interface StoredTensor {
  dtype: SafetensorsDType;
  shape: readonly number[];
  /** The elements as f32; F32 is a view of the file where its alignment allows. */
  values(): Float32Array;
}

export interface Safetensors {
  metadata: Readonly<Record<string, string>>;
  tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * Reads a whole file; `name` is what faults call it.
 * @throws Fault bad-file
 */
export function parseSafetensors(name: string, bytes: Uint8Array): Safetensors {
  const bad = (problem: string) => new Fault({ kind: 'bad-file', file: name, problem });
  const have = bytes.byteLength;
  if (have < LENGTH_BYTES)
    throw bad(`It has ${have} bytes; a safetensors file has at least ${LENGTH_BYTES}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, have);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES || bytes[LENGTH_BYTES] !== 0x7b)
    // “{”
    throw bad('It does not begin like a safetensors file.');
  const dataStart = LENGTH_BYTES + headerBytes;
  if (dataStart > have)
    throw bad(`It is cut off: it has ${have} bytes, its header alone needs ${dataStart}.`);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart), bad);

  const { __metadata__: rawMetadata, ...entries } = header;
  const metadata = metadataSchema.safeParse(rawMetadata ?? {});
  if (!metadata.success) throw bad('Its metadata are not pairs of texts.');

  const tensors = new Map<string, StoredTensor>();
  const ranges: { tensor: string; from: number; to: number }[] = [];
  for (const [tensor, raw] of Object.entries(entries)) {
    const { dtype, shape, from, to } = parseEntry(tensor, raw, bad);
    ranges.push({ tensor, from, to });
    const data = bytes.subarray(dataStart + from, dataStart + to);
    tensors.set(tensor, { dtype, shape, values: () => toFloat32(tensor, dtype, data, bad) });
  }
  checkRanges(ranges, have - dataStart, dataStart, bad);
  return { metadata: metadata.data, tensors };
}

/** Writes f32 tensors in the order given, and metadata. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    if (data.length !== elements(shape))
      throw new RangeError(`${name}: ${data.length} values for shape [${shape}]`);
    header[name] = {
      dtype: 'F32',
      shape,
      data_offsets: [end, end + data.byteLength],
    };
    end += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes); // the format pads with spaces
  file.set(json, LENGTH_BYTES);
  let offset = LENGTH_BYTES + headerBytes;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

type Bad = (problem: string) => Fault;

function parseHeader(bytes: Uint8Array, bad: Bad): Record<string, unknown> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw bad(`Its header of ${bytes.byteLength} bytes is not valid JSON.`);
  }
}

function parseEntry(tensor: string, raw: unknown, bad: Bad) {
  const entry = entrySchema.safeParse(raw);
  if (!entry.success) throw bad(`The entry of tensor ${tensor} is not valid.`);
  const { dtype, shape, data_offsets } = entry.data;
  if (!(dtype in ELEMENT_BYTES)) throw bad(`Tensor ${tensor} has the unknown type ${dtype}.`);
  const known = dtype as SafetensorsDType;
  const [from, to] = data_offsets;
  const need = elements(shape) * ELEMENT_BYTES[known];
  if (to - from !== need)
    throw bad(
      `Tensor ${tensor} has ${to - from} bytes, its shape [${shape.join(', ')}] of ${dtype} needs ${need}.`,
    );
  return { dtype: known, shape, from, to };
}

/** The tensors must cover the data exactly: no overlap, no gap, nothing missing or left over. */
function checkRanges(
  ranges: { tensor: string; from: number; to: number }[],
  have: number,
  dataStart: number,
  bad: Bad,
): void {
  ranges.sort((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  for (const { tensor, from, to } of ranges) {
    if (from < end) throw bad(`Tensor ${tensor} begins at byte ${from}, inside the one before it.`);
    if (from > end) throw bad(`Bytes ${end} to ${from} belong to no tensor.`);
    end = to;
  }
  if (end > have)
    throw bad(`It is cut off: it has ${dataStart + have} bytes, it needs ${dataStart + end}.`);
  if (end < have)
    throw bad(`It has ${dataStart + have} bytes, its tensors end at ${dataStart + end}.`);
}

function toFloat32(
  tensor: string,
  dtype: SafetensorsDType,
  data: Uint8Array,
  bad: Bad,
): Float32Array {
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16')
    throw bad(`Tensor ${tensor} has type ${dtype}; F32, F16 and BF16 can be used.`);
  const size = ELEMENT_BYTES[dtype];
  const aligned = data.byteOffset % size === 0 ? data : data.slice();
  const { buffer, byteOffset, byteLength } = aligned;
  if (dtype === 'F32') return new Float32Array(buffer, byteOffset, byteLength / size);
  const halves = new Uint16Array(buffer, byteOffset, byteLength / size);
  return dtype === 'F16' ? float16ToFloat32(halves) : bfloat16ToFloat32(halves);
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
