/**
 * CLIP: pictures and texts as vectors of one space, E wide. Through transformers.js, on our device or
 * on WASM. Source: Radford et al. 2021; the repository is laid out as Xenova/clip-vit-base-patch32.
 */
import { exclusively, executionProvider } from '../onnx/runtime';
import { fromRepository, sessionOf } from '../transformers';
import {
  AutoImageProcessor,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  type RawImage,
  type Tensor as TransformersTensor,
} from '@huggingface/transformers';
import { Fault } from '../../faults';
import type { Gpu } from '../../gpu/device';
import { type Encoder, type EncoderOptions, type Input, isSound } from '../encoder';
import { fetchJson } from '../fetch-file';
import { clipProviderFor } from '../provider';
import { TextTower } from '../text-tower';
import { parseClipConfig } from './config';
import { imageOf, type Picture, PictureReader } from './picture';

/** Pictures that one vision pass takes: bounds the memory, and the time the worker is deaf. */
const VISION_BATCH = 32;

interface VisionOutput {
  image_embeds: TransformersTensor;
}

/**
 * @param base the repository's absolute address, "https://…/models/shapes/clip/"
 * @throws Fault download, bad-file
 */
export async function loadClip(
  gpu: Gpu,
  base: string,
  { dtype = 'fp32', provider = clipProviderFor(gpu, dtype) }: EncoderOptions = {},
): Promise<Encoder> {
  const file = `${base}config.json`;
  const config = parseClipConfig(file, await fetchJson(file));
  const { projectionDim: E } = config;
  const [processor, vision] = await Promise.all([
    fromRepository(base, (path) => AutoImageProcessor.from_pretrained(path)),
    sessionOf(base, (path) =>
      CLIPVisionModelWithProjection.from_pretrained(path, {
        device: provider,
        dtype,
        session_options: { executionProviders: [executionProvider(gpu, provider)] },
      }),
    ),
  ]);
  const reader = new PictureReader(config.imageSize);
  const network = CLIPTextModelWithProjection;
  const texts = new TextTower(gpu, { base, config, provider, dtype, network });

  return {
    modality: 'picture',
    config,
    hearing: undefined,
    provider,

    async features(inputs) {
      const pictures = inputs.map(expectPicture);
      const features = new Float32Array(pictures.length * E);
      for (let start = 0; start < pictures.length; start += VISION_BATCH) {
        const batch = pictures.slice(start, start + VISION_BATCH);
        const squares: RawImage[] = [];
        // One after another: a decoded photo takes hundreds of megabytes.
        for (const picture of batch) squares.push(await reader.read(picture));
        const pixels = await processor(squares);
        const { image_embeds } = await exclusively<VisionOutput>(() => vision(pixels));
        features.set(image_embeds.data as Float32Array, start * E);
      }
      return features;
    },

    imageOf: async (input) => imageOf(expectPicture(input)),
    textFeatures: (lines, out) => texts.features(lines, out),

    async dispose() {
      await exclusively(() => vision.dispose());
      await texts.dispose();
    },
  };
}

function expectPicture(input: Input): Picture {
  if (!isSound(input)) return input;
  const problem = 'It is a sound, and this CLIP looks at pictures.';
  throw new Fault({ kind: 'bad-image', file: 'The sound', problem });
}
