/** The form of a stored checkpoint that the GPU wants, kept beside it on the disk. */
import * as Comlink from 'comlink';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { parameterShapes, storedAs } from '../frozen/gpt2/parameters';
import { SMALL } from '../frozen/gpt2/testing/small-gpt2';
import { float32ToFloat16 } from '../math/half-floats';
import { parseSafetensors, writeSafetensors } from '../math/safetensors';
import type { StoreApi } from './testing/store.worker';

const worker = new Worker(new URL('./testing/store.worker.ts', import.meta.url), {
  type: 'module',
});
const store = Comlink.wrap<StoreApi>(worker);
afterAll(() => worker.terminate());

const REPOSITORY = 'someone/gpt2';
const ORIGINAL = 'model.safetensors';
const KEPT = 'model.safetensors.f16';
const SHAPES = [...parameterShapes(SMALL)];
const MATRICES = SHAPES.filter(([name, shape]) => storedAs(name, shape, 'f16') === 'f16');

/** Stores SMALL's checkpoint, each tensor filled with its place in the list and `add`. */
async function put(path: string, bytes: Uint8Array): Promise<void> {
  const result = await store.write(
    REPOSITORY,
    { path, bytes: bytes.length, hash: undefined },
    bytes,
    true,
  );
  if ('fault' in result) throw new Error(JSON.stringify(result.fault));
}

const checkpoint = (add: number) =>
  writeSafetensors(
    new Map(
      SHAPES.map(([name, shape], place) => {
        const size = shape.reduce((product, extent) => product * extent, 1);
        return [name, { shape, data: new Float32Array(size).fill(place + add) }];
      }),
    ),
  );

const expected = (add: number) => ({
  value: MATRICES.map(([name]) => {
    const place = SHAPES.findIndex(([other]) => other === name);
    return [name, float32ToFloat16(Float32Array.of(place + add))[0]];
  }),
});

const paths = async () => (await store.list()).map(({ path }) => path).toSorted();

beforeEach(async () => {
  await store.remove(REPOSITORY);
  await put(
    'config.json',
    new TextEncoder().encode(JSON.stringify({ ...SMALL, model_type: 'gpt2' })),
  );
  await put(ORIGINAL, checkpoint(0.25));
});
afterAll(() => store.remove(REPOSITORY));

it('is made by the first start and is all that the second reads', async () => {
  expect(await store.loadHalves(REPOSITORY)).toEqual(expected(0.25));
  expect(await paths()).toEqual(['config.json', ORIGINAL, KEPT]);
  const { tensors } = parseSafetensors(KEPT, (await store.read(REPOSITORY, KEPT))!);
  for (const [name, shape] of SHAPES)
    expect(tensors.get(name), name).toMatchObject({
      shape,
      dtype: storedAs(name, shape, 'f16') === 'f16' ? 'F16' : 'F32',
    });
  await store.removeFile(REPOSITORY, ORIGINAL);
  expect(await store.loadHalves(REPOSITORY)).toEqual(expected(0.25));
});

it('goes when the original is replaced', async () => {
  await store.loadHalves(REPOSITORY);
  await put(ORIGINAL, checkpoint(0.5));
  expect(await paths()).toEqual(['config.json', ORIGINAL]);
  expect(await store.loadHalves(REPOSITORY)).toEqual(expected(0.5));
});

it('is made again where it is damaged', async () => {
  await store.loadHalves(REPOSITORY);
  const kept = (await store.read(REPOSITORY, KEPT))!;
  await put(KEPT, kept.subarray(0, kept.length - 2));
  expect(await store.loadHalves(REPOSITORY)).toEqual(expected(0.25));
  expect(await store.read(REPOSITORY, KEPT)).toEqual(kept);
});

it('is left out where it would save nothing', async () => {
  await store.loadHalves(REPOSITORY);
  const kept = (await store.read(REPOSITORY, KEPT))!;
  await put(ORIGINAL, kept);
  expect(await store.loadHalves(REPOSITORY)).toEqual(expected(0.25));
  expect(await paths()).toEqual(['config.json', ORIGINAL]);
});
