/** Takes a safetensors file apart and puts it together again, so that tests can spoil one precisely. */

/** [8 bytes header length, little-endian][header as JSON][tensors], after the safetensors README. */
export interface Safetensors {
  header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  metadata: Record<string, string>;
  data: Buffer;
}

export function parseSafetensors(file: Buffer): Safetensors {
  const length = Number(file.readBigUInt64LE(0));
  const { __metadata__: metadata = {}, ...header } = JSON.parse(
    file.subarray(8, 8 + length).toString('utf8'),
  );
  return { header, metadata, data: file.subarray(8 + length) };
}

export function writeSafetensors({ header, metadata, data }: Safetensors): Buffer {
  const text = JSON.stringify({ __metadata__: metadata, ...header });
  // Padded with spaces so that the tensors begin at a multiple of 8 bytes.
  const head = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([length, head, data]);
}
