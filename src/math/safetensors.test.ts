import { describe, expect, it } from 'vitest';
import { parseSafetensors, writeSafetensors } from './safetensors';

const tensors = new Map([
  ['a', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ['b', { shape: [], data: Float32Array.of(-0.5) }],
  ['empty', { shape: [0, 4], data: new Float32Array(0) }],
]);

/** A file with the given header and data. */
function fileOf(header: string, data = new Uint8Array(0), headerBytes = header.length): Uint8Array {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

const entry = (dtype: string, shape: number[], from: number, to: number) =>
  JSON.stringify({ dtype, shape, data_offsets: [from, to] });

describe('safetensors', () => {
  it('reads back what it writes', () => {
    const metadata = { lm: 'shapes/gpt2', step: '12' };
    const read = parseSafetensors('x', writeSafetensors(tensors, metadata));
    expect(read.metadata).toEqual(metadata);
    expect([...read.tensors.keys()]).toEqual(['a', 'b', 'empty']);
    for (const [name, { shape, data }] of tensors) {
      expect(read.tensors.get(name)!.shape).toEqual(shape);
      expect(read.tensors.get(name)!.values()).toEqual(data);
    }
  });

  it('aligns the data to 8 bytes', () => {
    const file = writeSafetensors(tensors);
    const headerBytes = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    expect(file.length).toBe(8 + headerBytes + 7 * 4);
  });

  it('reads a file at any offset of a larger buffer', () => {
    const file = writeSafetensors(tensors);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    const read = parseSafetensors('x', shifted.subarray(3));
    expect(read.tensors.get('a')!.values()).toEqual(tensors.get('a')!.data);
  });

  it('reads F16 and BF16', () => {
    const halves = Uint8Array.of(0x00, 0x3c, 0x40, 0xc0);
    const header = `{"h":${entry('F16', [1], 0, 2)},"b":${entry('BF16', [1], 2, 4)}}`;
    const read = parseSafetensors('x', fileOf(header, halves));
    expect([...read.tensors.get('h')!.values()]).toEqual([1]);
    expect([...read.tensors.get('b')!.values()]).toEqual([-3]);
  });

  it('keeps integers apart until their values are asked for', () => {
    const read = parseSafetensors(
      'x',
      fileOf(`{"i":${entry('I64', [1], 0, 8)}}`, new Uint8Array(8)),
    );
    expect(() => read.tensors.get('i')!.values()).toThrow(/type I64; F32, F16 and BF16/);
  });

  const whole = writeSafetensors(tensors);
  const data = new Uint8Array(8);
  it.each<[string, Uint8Array, RegExp]>([
    ['empty', new Uint8Array(0), /0 bytes/],
    ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]), /begin like/],
    ['cut in the header', whole.subarray(0, 40), /has 40 bytes, its header alone needs \d+/],
    [
      'cut in the data',
      whole.subarray(0, whole.length - 5),
      new RegExp(`has ${whole.length - 5} bytes, it needs ${whole.length}`),
    ],
    ['longer than it says', fileOf(`{"a":${entry('F32', [1], 0, 4)}}`, data), /tensors end at/],
    ['broken JSON', fileOf('{"a":'), /not valid JSON/],
    ['a list', fileOf('{}'.replace('{}', '{"a":[]}')), /entry of tensor a/],
    ['a negative shape', fileOf(`{"a":${entry('F32', [-1], 0, 4)}}`, data), /entry of tensor a/],
    ['an unknown type', fileOf(`{"a":${entry('Q4', [1], 0, 8)}}`, data), /unknown type Q4/],
    [
      'a wrong size',
      fileOf(`{"a":${entry('F32', [3], 0, 8)}}`, data),
      /a has 8 bytes, its shape \[3\] of F32 needs 12/,
    ],
    [
      'an overlap',
      fileOf(`{"a":${entry('F32', [2], 0, 8)},"b":${entry('F32', [1], 4, 8)}}`, data),
      /b begins at byte 4, inside/,
    ],
    ['a gap', fileOf(`{"a":${entry('F32', [1], 4, 8)}}`, data), /Bytes 0 to 4 belong to no/],
    ['odd metadata', fileOf('{"__metadata__":{"step":1}}'), /metadata/],
  ])('refuses a file that is %s', (_, bytes, message) => {
    expect(() => parseSafetensors('prefix.safetensors', bytes)).toThrow(message);
  });
});
