/** The forms that hubs keep CLIP in beside f32: halves, and matrices of 8 bits. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Tensor } from '../../gpu/tensor';
import { withRunner } from '../../gpu/testing/harness';
import type { ClipDType } from '../provider';
import { loadClip } from './clip';
import { inHalves, quantized } from './testing/onnx-variants';

const BASE = new URL('/models/shapes/clip/', location.href).href;
const kit = withRunner();
afterEach(() => void vi.unstubAllGlobals());

/** Serves `_fp16` and `_quantized` networks, made of the bundled ones; tells what they weigh. */
function serveVariants(): { bytes: number } {
  const { fetch } = globalThis;
  const served = { bytes: 0 };
  const serve = async (url: string, suffix: string, make: typeof inHalves) => {
    const original = await fetch(url.replace(suffix, ''));
    const variant = make(new Uint8Array(await original.arrayBuffer()));
    served.bytes += variant.length;
    return new Response(variant, { headers: { 'Content-Length': String(variant.length) } });
  };
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : String(input);
    if (url.endsWith('_fp16.onnx')) return serve(url, '_fp16', inHalves);
    if (url.endsWith('_quantized.onnx')) return serve(url, '_quantized', quantized);
    return fetch(input, init);
  });
  return served;
}

async function features(dtype: ClipDType): Promise<{ image: Float32Array; text: Float32Array }> {
  const { gpu } = kit.runner;
  const clip = await loadClip(gpu, BASE, { dtype });
  const canvas = new OffscreenCanvas(96, 96);
  const context = canvas.getContext('2d')!;
  context.fillStyle = 'white';
  context.fillRect(0, 0, 96, 96);
  context.fillStyle = 'red';
  context.fillRect(20, 30, 40, 40);
  const image = await clip.features([canvas]);
  const out = new Tensor(gpu, 'text', [1, clip.config.projectionDim]);
  await clip.textFeatures(['a large red square'], out);
  const text = (await out.read()) as Float32Array;
  out.destroy();
  await clip.dispose();
  return { image, text };
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, v, i) => sum + v * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe.each([
  { dtype: 'fp16', least: 0.9999, share: 0.55 },
  { dtype: 'q8', least: 0.98, share: 0.65 },
] as const)('CLIP in $dtype', ({ dtype, least, share }) => {
  it('is smaller, and sees and reads nearly as in f32', async () => {
    const whole = await features('fp32');
    const served = serveVariants();
    const stored = await features(dtype);
    const original = await Promise.all(
      ['vision', 'text'].map(async (tower) => {
        const response = await fetch(`${BASE}onnx/${tower}_model.onnx`);
        return (await response.arrayBuffer()).byteLength;
      }),
    );
    expect(served.bytes / (original[0]! + original[1]!)).toBeLessThan(share);
    for (const kind of ['image', 'text'] as const) {
      const likeness = cosine(stored[kind], whole[kind]);
      expect(likeness, kind).toBeGreaterThan(least);
      expect(likeness, kind).not.toBe(1);
    }
  });
});
