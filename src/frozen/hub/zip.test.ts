import {
  TextReader,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipWriter,
  type ZipWriterConstructorOptions,
} from '@zip.js/zip.js/lib/zip-core-native.js';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../faults';
import { filesOfZip } from './zip';
import type { OwnFile } from './own-files';

type Content = Record<string, string | Uint8Array>;

async function zipOf(content: Content, options: ZipWriterConstructorOptions = {}) {
  const writer = new ZipWriter(new Uint8ArrayWriter(), options);
  for (const [path, data] of Object.entries(content))
    await writer.add(
      path,
      typeof data === 'string' ? new TextReader(data) : new Uint8ArrayReader(data),
    );
  return (await writer.close()).slice();
}

const files = (bytes: Uint8Array<ArrayBuffer>) => filesOfZip('model.zip', new Blob([bytes]));

async function chunksOf(file: OwnFile): Promise<Uint8Array<ArrayBuffer>[]> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  await file.pipe((chunk) => {
    chunks.push(chunk);
  });
  return chunks;
}

const textOf = async (file: OwnFile) => new Blob(await chunksOf(file)).text();

async function problemOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Fault && error.fault.kind === 'bad-file') return error.fault.problem;
  throw new Error(`no bad file, but ${String(error)}`);
}

describe('the files of a zip', () => {
  it.each([
    ['at its root', ''],
    ['in one folder', 'my-gpt2/'],
    ['in folders', 'models/my gpt2/'],
  ])('%s', async (_, root) => {
    const found = await files(
      await zipOf({
        '__MACOSX/._config.json': 'not this',
        [`${root}config.json`]: '{"model_type":"gpt2"}',
        [`${root}onnx/model.onnx`]: 'weights',
        [`${root}original/config.json`]: 'nor this',
      }),
    );
    const byPath = new Map(found.map((file) => [file.path, file]));
    expect(await textOf(byPath.get('config.json')!)).toBe('{"model_type":"gpt2"}');
    expect(await textOf(byPath.get('onnx/model.onnx')!)).toBe('weights');
    expect(byPath.get('onnx/model.onnx')!.bytes).toBe(7);
  });

  it.each([0, 6])('come in small chunks, level %d', async (level) => {
    const weights = Uint8Array.from({ length: 5_000_000 }, (_, i) => (i * i) >> 7);
    const [, large] = await files(
      await zipOf({ 'config.json': '{}', 'model.safetensors': weights }, { level }),
    );
    const chunks = await chunksOf(large!);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(1 << 20);
    expect(Buffer.concat(chunks).equals(weights)).toBe(true);
  });

  it('are not had from what is no zip, from a part of one, or from an encrypted one', async () => {
    const content = { 'config.json': '{"model_type":"gpt2"}'.repeat(50) };
    expect(await problemOf(files(new Uint8Array(1000)))).toMatch(/cannot be read/);
    expect(await problemOf(files((await zipOf(content)).subarray(0, 100)))).toMatch(
      /cannot be read/,
    );
    const [encrypted] = await files(await zipOf(content, { password: 'secret' }));
    expect(await problemOf(chunksOf(encrypted!))).toMatch(/is encrypted/);
  });

  it('end with the fault of whoever takes them', async () => {
    const [file] = await files(await zipOf({ 'config.json': '{}' }));
    const full = new Fault({ kind: 'disk-full', file: 'config.json', need: 2 });
    const taken = file!.pipe(() => {
      throw full;
    });
    await expect(taken).rejects.toBe(full);
  });

  it('are refused where their bytes are not those that were packed', async () => {
    const bytes = await zipOf({ 'config.json': 'abcdefghijklmnop' }, { level: 0 });
    const at = Buffer.from(bytes).indexOf('abcdefgh');
    bytes[at] = bytes[at]! ^ 1;
    const [damaged] = await files(bytes);
    expect(await problemOf(chunksOf(damaged!))).toMatch(/CRC/);
  });
});
