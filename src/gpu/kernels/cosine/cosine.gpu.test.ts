import { expect, it } from 'vitest';
import {
  expectClose,
  input,
  normals,
  output,
  RAGGED,
  run,
  withRunner,
} from '../../testing/harness';
import { cosine } from './cosine';
import { cosineReference } from './cosine.reference';

const gpu = withRunner();
const imageIndex = Uint32Array.of(2, 0, 0, 1, 2, 3, 1);
const B = imageIndex.length;

const oneEach = Uint32Array.from({ length: B + 1 }, (_, b) => b);

async function runCosine(
  E: number,
  image: Float32Array,
  text: Float32Array,
  first: Uint32Array = oneEach,
) {
  const { runner } = gpu;
  const out = output(runner, [B]);
  await run(
    runner,
    cosine(runner, {
      image: input(runner, [image.length / E, E], image),
      text: input(runner, [text.length / E, E], text),
      imageIndex: input(runner, [B], imageIndex),
      first: input(runner, [B + 1], first),
      out,
    }),
  );
  return out;
}

it.each(RAGGED)('cosine of %i components agrees with the reference', async (E) => {
  const image = normals(4 * E, 1, 10); // raw CLIP features are about that long
  const text = normals(B * E, 2, 0.1);
  await expectClose(
    await runCosine(E, image, text),
    cosineReference(image, text, imageIndex, oneEach),
  );
});

it('is the mean over an episode’s sentences, and 0 without any', async () => {
  const first = Uint32Array.of(0, 3, 4, 4, 6, 7, 11, 12);
  const image = normals(4 * 37, 1, 10);
  const text = normals(12 * 37, 2);
  const expected = cosineReference(image, text, imageIndex, first);
  expect(expected[2]).toBe(0);
  await expectClose(await runCosine(37, image, text, first), expected);
});

it('a zero embedding has cosine 0, and a scaled copy of the picture has 1', async () => {
  const image = normals(4 * 5, 1);
  image.fill(0, 0, 5);
  const text = Float32Array.from({ length: B * 5 }, (_, i) => {
    const row = imageIndex[Math.floor(i / 5)]!;
    return 3 * image[row * 5 + (i % 5)]!;
  });
  text.fill(0, 0, 5);
  const actual = await (await runCosine(5, image, text)).read();
  expect(Array.from(actual, (value) => Number(value.toFixed(5)))).toEqual([0, 0, 0, 1, 1, 1, 1]);
});
