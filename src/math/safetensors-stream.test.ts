import { describe, expect, it } from 'vitest';
import { Fault } from '../faults';
import { writeSafetensors } from './safetensors';
import { toFloat32 } from './safetensors-header';
import { readSafetensors } from './safetensors-stream';

const tensors = new Map([
  ['a', { shape: [7, 3], data: Float32Array.from({ length: 21 }, (_, i) => i / 4) }],
  ['skipped', { shape: [5], data: new Float32Array(5).fill(9) }],
  ['empty', { shape: [0, 4], data: new Float32Array(0) }],
  ['b', { shape: [2], data: Float32Array.of(-0.5, 1e-9) }],
]);

/** The bytes in chunks of `size`. */
function streamOf(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += size)));
    },
  });
}

async function read(bytes: Uint8Array, chunk: number, fileBytes = bytes.length) {
  const values = new Map<string, number[]>();
  await readSafetensors('x', fileBytes, streamOf(bytes, chunk), async ({ entries }) => {
    for (const { name, shape } of entries)
      values.set(
        name,
        Array<number>(shape.reduce((product, n) => product * n, 1)).fill(Number.NaN),
      );
    return ({ name, dtype }) =>
      name === 'skipped'
        ? undefined
        : (piece, first) =>
            toFloat32(dtype, piece).forEach((value, i) => (values.get(name)![first + i] = value));
  });
  return values;
}

describe('a safetensors stream', () => {
  it.each([1, 3, 8, 9, 64, 10_000])(
    'hands on every element, in chunks of %d bytes',
    async (chunk) => {
      const values = await read(writeSafetensors(tensors), chunk);
      for (const name of ['a', 'b', 'empty'])
        expect(values.get(name)).toEqual([...tensors.get(name)!.data]);
      expect(values.get('skipped')!.every(Number.isNaN)).toBe(true);
    },
  );

  it('keeps elements whole whose bytes lie in different chunks', async () => {
    const header =
      '{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[4,6]}}';
    const bytes = new Uint8Array(8 + header.length + 6);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    bytes.set([0x00, 0x3c, 0x00, 0xc0, 0x40, 0xc0], 8 + header.length);
    for (const chunk of [1, 5, 1000]) {
      const values = await read(bytes, chunk);
      expect(values.get('h')).toEqual([1, -2]);
      expect(values.get('b')).toEqual([-3]);
    }
  });

  it('tells every place where it may be cut off', async () => {
    const bytes = writeSafetensors(tensors);
    for (const end of [0, 5, 8, 9, 60, bytes.length - 1])
      await expect(read(bytes.subarray(0, end), 16, bytes.length)).rejects.toThrow(/cut off|has/);
  });

  it('opens nothing for a header that does not fit the length', async () => {
    const bytes = writeSafetensors(tensors);
    let opened = false;
    const reading = readSafetensors('x', bytes.length - 4, streamOf(bytes, 64), async () => {
      opened = true;
      return () => undefined;
    });
    await expect(reading).rejects.toThrow(Fault);
    expect(opened).toBe(false);
  });
});
