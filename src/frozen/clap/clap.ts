/**
 * CLAP: sounds and texts as vectors of one space, E wide. Through transformers.js, on our device or on WASM.
 * Source: Wu et al. 2023 (arXiv 2211.06687); the repository is laid out as Xenova/clap-htsat-unfused.
 */
import { exclusively, executionProvider } from '../onnx/runtime';
import { fromRepository, sessionOf } from '../transformers';
import {
  AutoFeatureExtractor,
  ClapAudioModelWithProjection,
  ClapTextModelWithProjection,
  Tensor as TransformersTensor,
} from '@huggingface/transformers';
import { Fault } from '../../faults';
import type { Gpu } from '../../gpu/device';
import { type Encoder, type EncoderOptions, type Input, isSound, type Sound } from '../encoder';
import { fetchJson } from '../fetch-file';
import { clipProviderFor } from '../provider';
import { TextTower } from '../text-tower';
import { parseClapConfig, parseHearing } from './config';
import { spectrogramPixels } from './spectrogram';

/** Sounds that one pass takes: bounds the memory, and the time the worker is deaf. */
const AUDIO_BATCH = 8;

interface AudioOutput {
  audio_embeds: TransformersTensor;
}

/** Log-mel features of one sound: decibels [frames, mels]. */
interface Mel {
  data: Float32Array;
  frames: number;
  mels: number;
}

/**
 * @param base the repository's absolute address, "https://…/models/sounds/clap/"
 * @throws Fault download, bad-file
 */
export async function loadClap(
  gpu: Gpu,
  base: string,
  { dtype = 'fp32', provider = clipProviderFor(gpu, dtype) }: EncoderOptions = {},
): Promise<Encoder> {
  const [file, extractorFile] = [`${base}config.json`, `${base}preprocessor_config.json`];
  const config = parseClapConfig(file, await fetchJson(file));
  const hearing = parseHearing(extractorFile, await fetchJson(extractorFile));
  const { projectionDim: E } = config;
  const [extractor, audio] = await Promise.all([
    fromRepository(base, (path) => AutoFeatureExtractor.from_pretrained(path)),
    sessionOf(base, (path) =>
      ClapAudioModelWithProjection.from_pretrained(path, {
        device: provider,
        dtype,
        session_options: { executionProviders: [executionProvider(gpu, provider)] },
      }),
    ),
  ]);
  const network = ClapTextModelWithProjection;
  const texts = new TextTower(gpu, { base, config, provider, dtype, network });

  /** The extractor repeats what is shorter; of what is longer it would take a part at random. */
  async function melOf(input: Input): Promise<Mel> {
    const sound = expectSound(input).subarray(0, hearing.samples);
    const { input_features } = await extractor(sound);
    const [, , frames, mels] = input_features.dims as [number, number, number, number];
    return { data: input_features.data as Float32Array, frames, mels };
  }

  return {
    modality: 'sound',
    config,
    hearing,
    provider,

    async features(inputs) {
      const features = new Float32Array(inputs.length * E);
      for (let start = 0; start < inputs.length; start += AUDIO_BATCH) {
        const mel: Mel[] = [];
        for (const input of inputs.slice(start, start + AUDIO_BATCH)) mel.push(await melOf(input));
        const input_features = stacked(mel);
        const { audio_embeds } = await exclusively<AudioOutput>(() => audio({ input_features }));
        features.set(audio_embeds.data as Float32Array, start * E);
      }
      return features;
    },

    async imageOf(input) {
      const { data, frames, mels } = await melOf(input);
      const canvas = new OffscreenCanvas(frames, mels);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('This browser offers no 2D canvas outside the page.');
      context.putImageData(
        new ImageData(spectrogramPixels(data, frames, mels), frames, mels),
        0,
        0,
      );
      return canvas.convertToBlob();
    },

    textFeatures: (lines, out) => texts.features(lines, out),

    async dispose() {
      await exclusively(() => audio.dispose());
      await texts.dispose();
    },
  };
}

/** One channel each: [n, 1, frames, mels]. */
function stacked(mel: readonly Mel[]): TransformersTensor {
  const { frames, mels } = mel[0]!;
  const data = new Float32Array(mel.length * frames * mels);
  mel.forEach((one, i) => data.set(one.data, i * frames * mels));
  return new TransformersTensor('float32', data, [mel.length, 1, frames, mels]);
}

function expectSound(input: Input): Sound {
  if (!isSound(input)) {
    const problem = 'It is a picture, and this CLAP listens to sounds.';
    throw new Fault({ kind: 'bad-sound', file: 'The picture', problem });
  }
  if (input.length > 0) return input;
  throw new Fault({ kind: 'bad-sound', file: 'The sound', problem: 'It has no samples.' });
}
