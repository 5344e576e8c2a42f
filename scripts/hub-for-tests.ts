/** Starts the hub's double beside Vitest's browser, with small repositories. */
import type { TestProject } from 'vitest/node';
import { HubDouble } from './hub-double.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The double's address. */
    hub: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const hub = new HubDouble();
  const text = (content: string) => new TextEncoder().encode(content);
  hub.put('double/model/config.json', text('{"small":1}'));
  hub.put('double/model/README.md', text('# Model'));
  const weights = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) & 255);
  hub.put('double/model/onnx/model.onnx', weights);
  putPairs(hub, text);
  project.provide('hub', await hub.start());
  return () => hub.stop();
}

/** What is planned of a GPT-2, a CLIP and a CLAP: true configs of small networks, and files of some bytes. */
function putPairs(hub: HubDouble, text: (content: string) => Uint8Array): void {
  const put = (name: string, config: object, files: Record<string, number>) => {
    hub.put(`double/${name}/config.json`, text(JSON.stringify(config)));
    for (const [path, bytes] of Object.entries(files))
      hub.put(`double/${name}/${path}`, new Uint8Array(bytes));
  };
  const gpt2 = { n_positions: 64, n_embd: 16, n_layer: 1, n_head: 2, vocab_size: 99 };
  put(
    'gpt2',
    { model_type: 'gpt2', eos_token_id: 98, ...gpt2 },
    {
      'tokenizer.json': 8,
      'model.safetensors': 8,
    },
  );
  const encoder = { 'preprocessor_config.json': 8, 'tokenizer.json': 8 };
  const text16 = { 'onnx/text_model_fp16.onnx': 16 };
  put(
    'clip',
    { model_type: 'clip', projection_dim: 16 },
    {
      ...encoder,
      ...text16,
      'onnx/vision_model_fp16.onnx': 64,
    },
  );
  put(
    'clap',
    { model_type: 'clap', projection_dim: 16 },
    {
      ...encoder,
      ...text16,
      'onnx/audio_model_fp16.onnx': 32,
    },
  );
}
