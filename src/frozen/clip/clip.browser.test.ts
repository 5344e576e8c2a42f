/** The bundled CLIP as the page loads it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tensor } from '../../gpu/tensor';
import { expectArraysClose, withRunner } from '../../gpu/testing/harness';
import type { Encoder } from '../encoder';
import { loadClip } from './clip';

const BASE = new URL('/models/shapes/clip/', location.href).href;
const kit = withRunner();

/** A disc or a square of one colour in the middle of `background`. */
function drawing(shape: 'circle' | 'square', colour: string, background = 'white', side = 96) {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d')!;
  if (background !== 'transparent') {
    context.fillStyle = background;
    context.fillRect(0, 0, side, side);
  }
  context.fillStyle = colour;
  context.beginPath();
  if (shape === 'circle') context.arc(side / 2, side / 2, side / 4, 0, 2 * Math.PI);
  else context.rect(side / 4, side / 4, side / 2, side / 2);
  context.fill();
  return canvas;
}

function pixels(canvas: OffscreenCanvas): ImageData {
  return canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
}

async function textFeatures(clip: Encoder, texts: string[]): Promise<Float32Array> {
  const out = new Tensor(kit.runner.gpu, 'text', [texts.length, clip.config.projectionDim]);
  await clip.textFeatures(texts, out);
  const values = await out.read();
  out.destroy();
  return values as Float32Array;
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, v, i) => sum + v * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('CLIP of shapes/clip on WASM', () => {
  let clip: Encoder;
  let E: number;

  beforeAll(async () => {
    clip = await loadClip(kit.runner.gpu, BASE, { provider: 'wasm' });
    E = clip.config.projectionDim;
  });
  afterAll(() => clip.dispose());

  it('prefers the text that names what a picture shows', async () => {
    const texts = ['a red circle', 'a blue square', 'a green circle'];
    const features = await textFeatures(clip, texts);
    const picture = await clip.features([drawing('circle', 'red')]);
    const [right, ...wrong] = texts.map((_, i) =>
      cosine(picture, features.subarray(i * E, (i + 1) * E)),
    );
    expect(right).toBeGreaterThan(Math.max(...wrong));
  });

  it('takes a picture in any form', async () => {
    const canvas = drawing('square', 'blue');
    const forms = [
      canvas,
      pixels(canvas),
      await createImageBitmap(canvas),
      await canvas.convertToBlob({ type: 'image/png' }),
    ];
    const features = await clip.features(forms);
    expect(features.length).toBe(forms.length * E);
    for (let i = 1; i < forms.length; i++)
      expectArraysClose(features.subarray(i * E, (i + 1) * E), features.subarray(0, E), 1e-4);
  });

  it.each(['canvas', 'pixels'] as const)('sees transparency as white: %s', async (form) => {
    const [clear, white] = ['transparent', 'white'].map((background) => {
      const canvas = drawing('circle', 'green', background);
      return form === 'canvas' ? canvas : pixels(canvas);
    });
    const features = await clip.features([clear!, white!]);
    expectArraysClose(features.subarray(0, E), features.subarray(E), 1e-2);
    expect(cosine(features.subarray(0, E), features.subarray(E))).toBeGreaterThan(0.9999);
  });

  it('looks at the middle square of a wide picture', async () => {
    const square = drawing('circle', 'red');
    const wide = new OffscreenCanvas(192, 96);
    wide.getContext('2d')!.drawImage(square, 48, 0);
    const features = await clip.features([square, wide]);
    expectArraysClose(features.subarray(0, E), features.subarray(E), 1e-4);
  });

  it('gives a picture the same features in any batch', async () => {
    const pictures = Array.from({ length: 33 }, (_, i) =>
      drawing(i % 2 ? 'circle' : 'square', `hsl(${i * 11} 90% 40%)`),
    );
    const together = await clip.features(pictures);
    for (const i of [0, 31, 32])
      expectArraysClose(
        together.subarray(i * E, (i + 1) * E),
        await clip.features([pictures[i]!]),
        1e-4,
      );
  });

  it('gives a text the same features beside longer ones', async () => {
    const texts = ['a red circle', 'a small red circle above a large blue square on a grey ground'];
    const together = await textFeatures(clip, texts);
    expectArraysClose(together.subarray(0, E), await textFeatures(clip, [texts[0]!]), 1e-4);
  });

  it('cuts texts at the context length, and takes empty ones', async () => {
    const long = 'a red circle above a blue square '.repeat(40);
    const features = await textFeatures(clip, [long, '']);
    expect(features.every(Number.isFinite)).toBe(true);
  });
});

it('computes the same on WebGPU', async () => {
  const { gpu } = kit.runner;
  const pictures = [drawing('circle', 'red'), drawing('square', 'blue')];
  const texts = ['a red circle', 'a large blue square', ''];
  const features = async (provider: 'wasm' | 'webgpu') => {
    const clip = await loadClip(gpu, BASE, { provider });
    const images = await clip.features(pictures);
    const words = await textFeatures(clip, texts);
    await clip.dispose();
    return [...images, ...words];
  };
  expectArraysClose(await features('webgpu'), await features('wasm'), 1e-4);
});
