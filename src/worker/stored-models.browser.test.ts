/** Files in the origin private file system, through a worker, and whole repositories from the hub's double. */
import * as Comlink from 'comlink';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { ListedFile } from '../frozen/hub/listing';
import type { StoreApi } from './testing/store.worker';

const worker = new Worker(new URL('./testing/store.worker.ts', import.meta.url), {
  type: 'module',
});
const store = Comlink.wrap<StoreApi>(worker);
afterAll(() => worker.terminate());

const REPOSITORY = 'someone/model';
const BYTES = Uint8Array.from({ length: 5000 }, (_, i) => (i * 31) & 255);

async function listedFile(bytes: Uint8Array, path = 'onnx/model.onnx'): Promise<ListedFile> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.slice()));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { path, bytes: bytes.length, hash: { kind: 'sha256', hex } };
}

beforeEach(() => store.remove(REPOSITORY));

describe('a stored file', () => {
  it('is there under its name only when it is whole', async () => {
    const file = await listedFile(BYTES);
    await store.write(REPOSITORY, file, BYTES.slice(0, 2000), false);
    expect(await store.read(REPOSITORY, file.path)).toBeUndefined();
    expect(await store.list()).toEqual([
      { repository: REPOSITORY, path: file.path, bytes: 2000, isWhole: false },
    ]);
    const second = await store.write(REPOSITORY, file, BYTES.slice(2000), true);
    expect(second).toEqual({ value: 2000 });
    expect(await store.read(REPOSITORY, file.path)).toEqual(BYTES);
    expect(await store.list()).toEqual([
      { repository: REPOSITORY, path: file.path, bytes: 5000, isWhole: true },
    ]);
  });

  it('forgets the part of another file', async () => {
    const before = await listedFile(BYTES.slice(0, 4000));
    await store.write(REPOSITORY, before, BYTES.slice(0, 2000), false);
    const now = await listedFile(BYTES);
    expect(await store.write(REPOSITORY, now, BYTES, true)).toEqual({ value: 0 });
    expect(await store.read(REPOSITORY, now.path)).toEqual(BYTES);
  });

  it('with the wrong bytes is refused and deleted', async () => {
    const file = await listedFile(BYTES);
    const wrong = BYTES.toReversed();
    expect(await store.write(REPOSITORY, file, wrong, true)).toMatchObject({
      fault: { kind: 'hash', wanted: file.hash!.hex },
    });
    expect(await store.list()).toEqual([]);
  });
});

describe('a repository', () => {
  const hub = inject('hub');
  const wanted = {
    repository: 'double/model',
    revision: 'main',
    required: ['config.json', 'onnx/model.onnx'],
    optional: ['preprocessor_config.json', 'README.md'],
  };
  beforeAll(() => store.remove(wanted.repository));
  afterAll(() => store.remove(wanted.repository));

  it('is planned with sizes, brought here with progress, and not fetched twice', async () => {
    expect(await store.isStored(wanted)).toBe(false);
    const first = await store.fetch({ address: hub }, wanted);
    expect(first).toMatchObject({
      value: {
        plan: {
          files: [
            { path: 'config.json', bytes: 11, here: 0 },
            { path: 'onnx/model.onnx', bytes: 70_000, here: 0 },
            { path: 'README.md', here: 0 },
          ],
        },
      },
    });
    expect(await store.isStored(wanted)).toBe(true);
    expect(new TextDecoder().decode((await store.read('double/model', 'config.json'))!)).toBe(
      '{"small":1}',
    );
    const second = await store.fetch({ address: hub }, wanted);
    expect(second).toMatchObject({
      value: { plan: { files: [{ here: 11 }, { here: 70_000 }, {}] }, told: [11, 70_000, 7] },
    });
  });

  it('that lacks what is required says what', async () => {
    const outcome = await store.fetch(
      { address: hub },
      { ...wanted, required: ['model.safetensors'] },
    );
    expect(outcome).toMatchObject({
      fault: { kind: 'bad-file', problem: 'The repository has no model.safetensors.' },
    });
  });

  it('that does not exist is a 404', async () => {
    const outcome = await store.fetch({ address: hub }, { ...wanted, repository: 'no/such' });
    expect(outcome).toMatchObject({ fault: { kind: 'download', status: 404 } });
  });
});

describe('a repository of one’s own', () => {
  const REPOSITORY_NAME = 'local/mine';
  const first = {
    'config.json': '{"model_type":"gpt2"}',
    'model.safetensors': 'old',
    'styles.json': '["news"]',
    x: 'foreign',
  };
  const second = { 'config.json': '{"model_type":"clip"}', 'onnx/text_model.onnx': 'new' };
  afterAll(() => store.remove(REPOSITORY_NAME));
  const stored = async () =>
    (await store.list())
      .filter(({ repository }) => repository === REPOSITORY_NAME)
      .map(({ path, isWhole }) => ({ path, isWhole }))
      .toSorted((a, b) => a.path.localeCompare(b.path));

  it('takes the place of one of the same name only when all of it is here', async () => {
    expect(await store.addOwn('mine', first)).toEqual({ value: REPOSITORY_NAME });
    const whole = [
      { path: 'config.json', isWhole: true },
      { path: 'model.safetensors', isWhole: true },
      { path: 'styles.json', isWhole: true },
    ];
    expect(await stored()).toEqual(whole);

    const broken = await store.addOwn('mine', second, 'onnx/text_model.onnx');
    expect(broken).toMatchObject({ fault: { message: 'The disk was pulled out.' } });
    expect(await stored()).toEqual(whole);
    const config = await store.read(REPOSITORY_NAME, 'config.json');
    expect(new TextDecoder().decode(config!)).toBe(first['config.json']);

    expect(await store.addOwn('mine', second)).toEqual({ value: REPOSITORY_NAME });
    expect(await stored()).toEqual([
      { path: 'config.json', isWhole: true },
      { path: 'onnx/text_model.onnx', isWhole: true },
    ]);
  });
});
