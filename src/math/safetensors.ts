/** Whole safetensors files in memory: prefix weights, golden vectors. The format: `safetensors-header`. */
import {
  elements,
  floatBytes,
  headerLength,
  LENGTH_BYTES,
  parseHeader,
  type SafetensorsDType,
  toFloat32,
} from './safetensors-header';

const ALIGNMENT = 8;

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
