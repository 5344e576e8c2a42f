/** A CLAP of the true shapes with random weights, loaded as the page loads it, beside what it should compute. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Tensor } from '../../gpu/tensor';
import { expectArraysClose, withRunner } from '../../gpu/testing/harness';
import { Random } from '../../math/random';
import type { Encoder } from '../encoder';
import { loadEncoder } from '../load-encoder';
import { AUDIO_MATRIX, E, EXTRACTOR, MELS, smallClap, textEmbedding } from './testing/small-clap';

const BASE = `${location.origin}/small-clap/`;
const { sampling_rate: RATE, nb_max_samples: MOST, hop_length: HOP } = EXTRACTOR;
const kit = withRunner();

function serve(): void {
  const { fetch } = globalThis;
  const files = smallClap();
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : new URL(input, location.href).href;
    if (!url.startsWith(BASE)) return fetch(input, init);
    const file = files.get(url.slice(BASE.length));
    if (file === undefined) return new Response(null, { status: 404 });
    return new Response(file as BodyInit);
  });
}

/** A tone that swells, with some noise. */
function tone(hertz: number, seconds: number, seed = 1): Float32Array {
  const random = new Random(seed);
  return Float32Array.from(
    { length: Math.round(seconds * RATE) },
    (_, i) => Math.sin((2 * Math.PI * hertz * i) / RATE) * 0.4 + random.normal() * 1e-3,
  );
}

async function imagePixels(image: Blob) {
  const bitmap = await createImageBitmap(image);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

describe('CLAP with random weights', () => {
  let clap: Encoder;
  beforeAll(async () => {
    serve();
    clap = await loadEncoder(kit.runner.gpu, BASE, { provider: 'wasm' });
  });
  afterAll(async () => {
    await clap.dispose();
    vi.unstubAllGlobals();
  });

  it('says what it hears', () => {
    expect(clap.modality).toBe('sound');
    expect(clap.hearing).toEqual({ rate: RATE, samples: MOST });
    expect(clap.config).toEqual({ projectionDim: E, contextLength: 8 });
  });

  it('gives silence the features of silence: −100 dB in every band', async () => {
    const expected = Float32Array.from({ length: E }, (_, e) => {
      let sum = 0;
      for (let band = 0; band < MELS; band++) sum += -100 * AUDIO_MATRIX[band * E + e]!;
      return sum;
    });
    expectArraysClose(await clap.features([new Float32Array(MOST)]), expected, 1e-2);
  });

  it('gives a sound the same features in any batch, one row each', async () => {
    const sounds = Array.from({ length: 9 }, (_, i) => tone(200 + 300 * i, 0.5, i));
    const together = await clap.features(sounds);
    expect(together.length).toBe(9 * E);
    for (const i of [0, 7, 8])
      expectArraysClose(
        together.subarray(i * E, (i + 1) * E),
        await clap.features([sounds[i]!]),
        1e-4,
      );
    expect(together.subarray(0, E)).not.toEqual(together.subarray(E, 2 * E));
  });

  it('hears the beginning of a longer sound, always the same', async () => {
    const long = tone(440, 1.5);
    long.fill(0, MOST); // what is beyond would be heard as silence
    const features = await clap.features([long]);
    expectArraysClose(await clap.features([long.subarray(0, MOST)]), features, 1e-6);
  });

  it('shows what it takes: frames to the right, bands upwards, a high tone above a low one', async () => {
    const brightest = async (hertz: number) => {
      const { data, width, height } = await imagePixels(await clap.imageOf(tone(hertz, 1)));
      expect([width, height]).toEqual([MOST / HOP + 1, MELS]);
      const lightOf = (row: number) => {
        const at = (row * width + Math.floor(width / 2)) * 4;
        return data[at]! + data[at + 1]! + data[at + 2]!;
      };
      return Array.from({ length: height }, (_, row) => row).reduce((best, row) =>
        lightOf(row) > lightOf(best) ? row : best,
      );
    };
    const [low, high] = [await brightest(300), await brightest(6000)];
    expect(high).toBeLessThan(low);
  });

  it('reads texts, shorter ones beside longer ones, cut at its context', async () => {
    const texts = ['a b', 'a b c d a b c d a b c d', ''];
    const out = new Tensor(kit.runner.gpu, 'text', [texts.length, E]);
    await clap.textFeatures(texts, out);
    const rows = (await out.read()) as Float32Array;
    out.destroy();
    expectArraysClose(rows.subarray(0, E), textEmbedding('<s>', 'a', 'b', '</s>'), 1e-5);
    // Eight tokens; transformers.js cuts the mark at the end too, RoBERTa pools the one at the start.
    expectArraysClose(rows.subarray(E, 2 * E), textEmbedding('<s>', ...'abcdabc'), 1e-5);
    expectArraysClose(rows.subarray(2 * E), textEmbedding('<s>', '</s>'), 1e-5);
  });

  it.each([
    ['a picture', () => new Blob(['png'], { type: 'image/png' }), /listens to sounds/],
    ['nothing', () => new Float32Array(0), /no samples/],
  ])('refuses %s', async (_, input, words) => {
    await expect(clap.features([input()])).rejects.toThrow(words);
  });
});
