/**
 * CLIP: pictures and texts as vectors of one space, E wide. Through transformers.js, on our device or
 * on WASM. Source: Radford et al. 2021; the repository is laid out as Xenova/clip-vit-base-patch32.
 */
import { exclusively, executionProvider, type OrtTensor } from '../onnx/runtime';
import { fromRepository } from '../transformers';
import {
  AutoImageProcessor,
  AutoTokenizer,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  type RawImage,
  type Tensor as TransformersTensor,
} from '@huggingface/transformers';
import type { Gpu } from '../../gpu/device';
import type { Tensor } from '../../gpu/tensor';
import { fetchJson } from '../fetch-file';
import { type ClipDType, clipProviderFor, type Provider } from '../provider';
import { type ClipConfig, parseClipConfig } from './config';
import { type Picture, PictureReader } from './picture';

/** Pictures that one vision pass takes: bounds the memory, and the time the worker is deaf. */
const VISION_BATCH = 32;

interface VisionOutput {
  image_embeds: TransformersTensor;
}

interface TextOutput {
  text_embeds: TransformersTensor;
}

export interface Clip {
  readonly config: ClipConfig;
  readonly provider: Provider;
  /**
   * Raw image embeddings [n, E], not of unit length: what the projector takes.
   * @throws Fault bad-image where a file cannot be decoded
   */
  imageFeatures(pictures: readonly Picture[]): Promise<Float32Array>;
  /** Raw text embeddings, one row a text, into the first rows of `out` [≥ n, E]; texts are cut at the context length. */
  textFeatures(texts: readonly string[], out: Tensor): Promise<void>;
  dispose(): Promise<void>;
}

export interface ClipOptions {
  provider?: Provider;
  dtype?: ClipDType;
}

/**
 * @param base the repository's absolute address, "https://…/models/shapes/clip/"
 * @throws Fault download, bad-file
 */
export async function loadClip(
  gpu: Gpu,
  base: string,
  { dtype = 'fp32', provider = clipProviderFor(gpu, dtype) }: ClipOptions = {},
): Promise<Clip> {
  const file = `${base}config.json`;
  const config = parseClipConfig(file, await fetchJson(file));
  const { projectionDim: E, contextLength } = config;
  const options = { device: provider, dtype } as const;
  const executionProviders = [executionProvider(gpu, provider)];
  const textOutputs =
    provider === 'webgpu'
      ? { preferredOutputLocation: { text_embeds: 'gpu-buffer' } as const }
      : {};

  const session = <T>(create: (path: string) => Promise<T>) =>
    exclusively(() => fromRepository(base, create));
  const [processor, vision] = await Promise.all([
    fromRepository(base, (path) => AutoImageProcessor.from_pretrained(path)),
    session((path) =>
      CLIPVisionModelWithProjection.from_pretrained(path, {
        ...options,
        session_options: { executionProviders },
      }),
    ),
  ]);
  const loadTexts = () =>
    Promise.all([
      fromRepository(base, (path) => AutoTokenizer.from_pretrained(path)),
      session((path) =>
        CLIPTextModelWithProjection.from_pretrained(path, {
          ...options,
          session_options: { executionProviders, ...textOutputs },
        }),
      ),
    ]);
  /** The text tower is loaded when the first texts come: the first captions do not wait for it. */
  let texts: ReturnType<typeof loadTexts> | undefined;

  const reader = new PictureReader(config.imageSize);

  return {
    config,
    provider,

    async imageFeatures(pictures) {
      const features = new Float32Array(pictures.length * E);
      for (let start = 0; start < pictures.length; start += VISION_BATCH) {
        const batch = pictures.slice(start, start + VISION_BATCH);
        const squares: RawImage[] = [];
        // One after another: a decoded photo takes hundreds of megabytes.
        for (const picture of batch) squares.push(await reader.read(picture));
        const inputs = await processor(squares);
        const { image_embeds } = await exclusively<VisionOutput>(() => vision(inputs));
        features.set(image_embeds.data as Float32Array, start * E);
      }
      return features;
    },

    async textFeatures(lines, out) {
      texts ??= loadTexts();
      const [tokenizer, text] = await texts;
      const inputs = tokenizer([...lines], {
        padding: true,
        truncation: true,
        max_length: contextLength,
      });
      const { text_embeds } = await exclusively<TextOutput>(() => text(inputs));
      const result = text_embeds.ort_tensor as OrtTensor;
      if (result.location === 'gpu-buffer') {
        const encoder = gpu.device.createCommandEncoder({ label: 'CLIP text features' });
        encoder.copyBufferToBuffer(result.gpuBuffer, 0, out.buffer, 0, lines.length * E * 4);
        gpu.device.queue.submit([encoder.finish()]);
        result.dispose();
      } else {
        out.write(result.data as Float32Array, 0);
      }
    },

    async dispose() {
      const [, text] = (await texts) ?? [];
      await exclusively(() => Promise.all([vision.dispose(), text?.dispose()]));
    },
  };
}
