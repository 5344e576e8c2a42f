/**
 * The text tower of CLIP or CLAP through transformers.js: tokens in, one embedding [E] a text out. It is
 * loaded when the first texts come: the first captions do not wait for it.
 */
import { exclusively, executionProvider, type OrtTensor } from './onnx/runtime';
import { fromRepository, sessionOf } from './transformers';
import {
  AutoTokenizer,
  type PreTrainedModel,
  type PreTrainedTokenizer,
  type Tensor as TransformersTensor,
} from '@huggingface/transformers';
import type { Gpu } from '../gpu/device';
import type { Tensor } from '../gpu/tensor';
import type { EncoderConfig } from './encoder';
import type { ClipDType, Provider } from './provider';

interface TextOutput {
  text_embeds: TransformersTensor;
}

export interface TextTowerOptions {
  /** The repository's absolute address. */
  base: string;
  config: EncoderConfig;
  provider: Provider;
  dtype: ClipDType;
  /** transformers.js's class of the tower, which names its file. */
  network: Pick<typeof PreTrainedModel, 'from_pretrained'>;
}

export class TextTower {
  readonly #gpu: Gpu;
  readonly #options: TextTowerOptions;
  #loaded: Promise<[PreTrainedTokenizer, PreTrainedModel]> | undefined;

  constructor(gpu: Gpu, options: TextTowerOptions) {
    this.#gpu = gpu;
    this.#options = options;
  }

  /**
   * Raw embeddings into the first rows of `out` [≥ n, E].
   * @throws Fault download
   */
  async features(lines: readonly string[], out: Tensor): Promise<void> {
    const { projectionDim: E, contextLength } = this.#options.config;
    this.#loaded ??= this.#load();
    const [tokenizer, text] = await this.#loaded;
    const inputs = tokenizer([...lines], {
      padding: true,
      truncation: true,
      max_length: contextLength,
    });
    const { text_embeds } = await exclusively<TextOutput>(() => text(inputs));
    const result = text_embeds.ort_tensor as OrtTensor;
    if (result.location === 'gpu-buffer') {
      const encoder = this.#gpu.device.createCommandEncoder({ label: 'text features' });
      encoder.copyBufferToBuffer(result.gpuBuffer, 0, out.buffer, 0, lines.length * E * 4);
      this.#gpu.submit(encoder.finish());
      result.dispose();
    } else {
      out.write(result.data as Float32Array, 0);
    }
  }

  async dispose(): Promise<void> {
    const [, text] = (await this.#loaded) ?? [];
    if (text) await exclusively(() => text.dispose());
  }

  #load(): Promise<[PreTrainedTokenizer, PreTrainedModel]> {
    const { base, provider, dtype, network } = this.#options;
    const outputs =
      provider === 'webgpu'
        ? { preferredOutputLocation: { text_embeds: 'gpu-buffer' } as const }
        : {};
    const executionProviders = [executionProvider(this.#gpu, provider)];
    return Promise.all([
      fromRepository(base, (path) => AutoTokenizer.from_pretrained(path)),
      sessionOf(base, (path) =>
        network.from_pretrained(path, {
          device: provider,
          dtype,
          session_options: { executionProviders, ...outputs },
        }),
      ),
    ]);
  }
}
