/** Whole safetensors files in memory: prefix weights, golden vectors. The format: `safetensors-header`. */
import {
  elements,
  encodeHeader,
  floatBytes,
  headerLength,
  LENGTH_BYTES,
  parseHeader,
  type SafetensorsDType,
  toFloat32,
} from './safetensors-header';

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
  const have = bytes.byteLength;
  const dataStart = LENGTH_BYTES + headerLength(name, bytes.subarray(0, LENGTH_BYTES + 1), have);
  const { metadata, entries } = parseHeader(name, bytes.subarray(LENGTH_BYTES, dataStart), have);
  const tensors = new Map<string, StoredTensor>();
  for (const entry of entries) {
    const { dtype, shape, from, to } = entry;
    const values = () => {
      floatBytes(name, entry);
      return toFloat32(dtype, bytes.subarray(dataStart + from, dataStart + to));
    };
    tensors.set(entry.name, { dtype, shape, values });
  }
  return { metadata, tensors };
}

/** Writes f32 tensors in the order given, and metadata. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const entries = Array.from(tensors, ([name, { shape, data }]) => {
    if (data.length !== elements(shape))
      throw new RangeError(`${name}: ${data.length} values for shape [${shape}]`);
    return { name, dtype: 'F32', shape } as const;
  });
  const { header, dataBytes } = encodeHeader(entries, metadata);
  const file = new Uint8Array(header.length + dataBytes);
  file.set(header);
  let offset = header.length;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}
