/** The bundled models of the sounds world: small enough, of one piece, and CLAP's texts graded as they should be. */
import { AutoTokenizer, env, type Tensor } from '@huggingface/transformers';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';

const MODELS = fileURLToPath(new URL('../public/models/', import.meta.url));
const SOUNDS = join(MODELS, 'sounds');

const json = (path: string) =>
  JSON.parse(readFileSync(join(SOUNDS, path), 'utf8')) as Record<string, unknown>;

describe('the files', () => {
  it('are at most 3 MB together', () => {
    const files = readdirSync(SOUNDS, { recursive: true, withFileTypes: true });
    const bytes = files
      .filter((file) => file.isFile())
      .reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
    expect(bytes).toBeGreaterThan(2e6);
    expect(bytes).toBeLessThanOrEqual(3e6);
  });

  it('agree on frames, mels, context and vocabulary', () => {
    const extractor = json('clap/preprocessor_config.json') as Record<string, number>;
    const { audio_config: audio, text_config: text } = json('clap/config.json') as Record<
      'audio_config' | 'text_config',
      Record<string, number>
    >;
    // A frame at every hop, centred, the first at 0.
    const frames = 1 + Math.floor(extractor['nb_max_samples']! / extractor['hop_length']!);
    expect(frames).toBe(audio['spec_size']);
    expect(extractor['feature_size']).toBe(audio['num_mel_bins']);
    expect(extractor['nb_frequency_bins']).toBe(1 + extractor['fft_window_size']! / 2);
    const context = text['max_position_embeddings']! - text['pad_token_id']! - 1;
    expect(json('clap/tokenizer_config.json')['model_max_length']).toBe(context);
    expect(Object.keys(json('clap/vocab.json'))).toHaveLength(text['vocab_size']!);
    expect(Object.keys(json('gpt2/vocab.json'))).toHaveLength(
      json('gpt2/config.json')['vocab_size'] as number,
    );
  });
});

describe('texts of CLAP', () => {
  let cosines: (first: string, others: readonly string[]) => Promise<number[]>;

  beforeAll(async () => {
    env.allowRemoteModels = false;
    env.localModelPath = MODELS;
    ort.env.wasm.numThreads = 1;
    const tokenizer = await AutoTokenizer.from_pretrained('sounds/clap');
    const session = await ort.InferenceSession.create(join(SOUNDS, 'clap/onnx/text_model.onnx'));
    const asOrt = ({ data, dims }: Tensor) =>
      new ort.Tensor('int64', data as BigInt64Array, [...dims]);
    cosines = async (first, others) => {
      const tokens = tokenizer([first, ...others], { padding: true, truncation: true }) as Record<
        'input_ids' | 'attention_mask',
        Tensor
      >;
      const { text_embeds } = await session.run({
        input_ids: asOrt(tokens.input_ids),
        attention_mask: asOrt(tokens.attention_mask),
      });
      const [rows, E] = text_embeds!.dims as [number, number];
      const values = text_embeds!.data as Float32Array;
      const row = (i: number) => values.subarray(i * E, (i + 1) * E);
      const dot = (a: Float32Array, b: Float32Array) =>
        a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      return Array.from({ length: rows - 1 }, (_, i) => {
        const [a, b] = [row(0), row(i + 1)];
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
      });
    };
  });

  it('lie the closer the more attributes they share', async () => {
    const graded = await cosines('a rising high flute played slowly .', [
      'someone plays a rising high flute slowly .',
      'a rising high flute played twice .',
      'a falling high flute played twice .',
      'a falling low flute played twice .',
      'a falling low drum played twice .',
    ]);
    expect(graded[0]).toBeGreaterThan(0.95);
    for (let i = 1; i < graded.length; i++)
      expect(graded[i - 1]! - graded[i]!).toBeGreaterThan(0.1);
    expect(graded.at(-1)).toBeLessThan(0.1);
  });

  it('lose by being no sentence', async () => {
    const [sentence, list, salad] = await cosines('a rising high flute played slowly .', [
      'there is a rising high flute played slowly .',
      'flute slowly rising high',
      'slowly slowly flute a high . rising flute played',
    ]);
    expect(sentence! - list!).toBeGreaterThan(0.1);
    expect(list! - salad!).toBeGreaterThan(0.05);
  });
});
