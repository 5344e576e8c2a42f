/** What the page makes of picture files, against CLIP's official preprocessing (models/reference/preprocess.py). */
import { AutoImageProcessor } from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import golden from '../../../models/reference/golden/preprocess.json';
import { Fault } from '../../faults';
import { fromRepository } from '../transformers';
import { PictureReader } from './picture';

const files = import.meta.glob<string>('../../../models/reference/golden/pictures/*', {
  query: '?url',
  import: 'default',
  eager: true,
});

async function file(name: string): Promise<Blob> {
  const url = files[`../../../models/reference/golden/pictures/${name}`];
  return (await fetch(url!)).blob();
}

async function inflate(base64: string): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Of 255: the largest difference and the mean one. */
function difference(found: ArrayLike<number>, expected: Uint8Array) {
  expect(found.length).toBe(expected.length);
  let largest = 0;
  let sum = 0;
  expected.forEach((value, i) => {
    const off = Math.abs(value - found[i]!);
    largest = Math.max(largest, off);
    sum += off;
  });
  return { largest, mean: sum / expected.length };
}

describe('a file as CLIP sees it', () => {
  it.each(golden.pictures)(
    '$name',
    async ({ name, side, pixels }) => {
      const picture = await new PictureReader(side).read(await file(name));
      const { largest, mean } = difference(picture.data, await inflate(pixels));
      // In Chromium all of them are 0; a JPEG decoder may round its cosine transform differently.
      const isLossless = !name.endsWith('.jpg');
      expect(largest).toBeLessThanOrEqual(isLossless ? 1 : 4);
      expect(mean).toBeLessThanOrEqual(isLossless ? 0.1 : 1);
    },
    // Milliseconds, for 12,000 × 9,000 pixels too.
    30_000,
  );

  it('is normalised with CLIP’s means and deviations', async () => {
    const { name, side, elements } = golden.normalised;
    const base = new URL('/models/shapes/clip/', location.href).href;
    const processor = await fromRepository(base, (path) =>
      AutoImageProcessor.from_pretrained(path),
    );
    const { pixel_values } = await processor([
      await new PictureReader(side).read(await file(name)),
    ]);
    expect(pixel_values.dims).toEqual([1, 3, side, side]);
    for (const [i, value] of elements) expect(pixel_values.data[i!]).toBeCloseTo(value!, 5);
  });

  it('is refused with its name and size where it cannot be decoded', async () => {
    const broken = new File([new Uint8Array(1234)], 'broken.png', { type: 'image/png' });
    const refusal = new PictureReader(64).read(broken);
    await expect(refusal).rejects.toThrow(/broken\.png.*1234 bytes of type “image\/png”/s);
    await expect(refusal).rejects.toBeInstanceOf(Fault);
  });
});
