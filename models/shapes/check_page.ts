/** Runs inside Chromium: loads the bundled CLIP and the tokenizers through transformers.js. */
import {
  AutoProcessor,
  AutoTokenizer,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  RawImage,
  type Tensor,
} from '@huggingface/transformers';
import { OPTIONS, rows } from '../worlds/environment';

export interface CheckResult {
  gpt2: number[][];
  clip: number[][];
  text: number[][];
  image: number[][];
  /** The processor's pixel_values of picture 0, its shape, and whether they equal the bytes'. */
  processed: { shape: number[]; error: number };
}

/** `pixels`: RGB bytes of `count` 64 × 64 pictures in base64; `mean`, `std` as the processor's. */
async function check(
  texts: string[],
  pixels: string,
  mean: number[],
  std: number[],
): Promise<CheckResult> {
  const gpt2 = await AutoTokenizer.from_pretrained('shapes/gpt2');
  const clip = await AutoTokenizer.from_pretrained('shapes/clip');
  const textModel = await CLIPTextModelWithProjection.from_pretrained('shapes/clip', OPTIONS);
  const visionModel = await CLIPVisionModelWithProjection.from_pretrained('shapes/clip', OPTIONS);
  const processor = await AutoProcessor.from_pretrained('shapes/clip', {});

  const bytes = Uint8Array.from(atob(pixels), (c) => c.charCodeAt(0));
  const side = 64;
  const channels = 3;
  const count = bytes.length / (side * side * channels);
  const images = Array.from({ length: count }, (_, i) => {
    const each = side * side * channels;
    return new RawImage(bytes.slice(i * each, (i + 1) * each), side, side, channels);
  });
  const inputs = (await processor(images)) as { pixel_values: Tensor };
  const values = inputs.pixel_values.data as Float32Array;
  let error = 0;
  for (let p = 0; p < side * side; p++)
    for (let c = 0; c < channels; c++) {
      const wanted = (bytes[p * channels + c]! / 255 - mean[c]!) / std[c]!;
      error = Math.max(error, Math.abs(values[c * side * side + p]! - wanted));
    }

  const tokens = clip(texts, { padding: true, truncation: true });
  const { text_embeds } = (await textModel(tokens)) as { text_embeds: Tensor };
  const { image_embeds } = (await visionModel(inputs)) as { image_embeds: Tensor };
  return {
    gpt2: texts.map((text) => gpt2.encode(text)),
    clip: texts.map((text) => clip.encode(text)),
    text: rows(text_embeds),
    image: rows(image_embeds),
    processed: { shape: inputs.pixel_values.dims, error },
  };
}

declare global {
  interface Window {
    shapesCheck: typeof check;
  }
}
window.shapesCheck = check;
