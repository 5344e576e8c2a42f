/** Runs inside Chromium: loads the bundled CLAP and the tokenizers through transformers.js. */
import {
  AutoProcessor,
  AutoTokenizer,
  ClapAudioModelWithProjection,
  ClapTextModelWithProjection,
  type Tensor,
} from '@huggingface/transformers';
import { OPTIONS, rows } from '../worlds/environment';
import { drawSound } from '../../src/worlds/sounds/synthesis';
import { sceneAt } from './splits';

export interface CheckResult {
  gpt2: number[][];
  clap: number[][];
  text: number[][];
  audio: number[][];
  /** Median milliseconds of one sound: making it, its features, the audio tower. */
  milliseconds: { sound: number; features: number; tower: number };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** @param sounds how many of the held-out ones, from the first on */
async function check(texts: string[], sounds: number): Promise<CheckResult> {
  const gpt2 = await AutoTokenizer.from_pretrained('sounds/gpt2');
  const clap = await AutoTokenizer.from_pretrained('sounds/clap');
  const textModel = await ClapTextModelWithProjection.from_pretrained('sounds/clap', OPTIONS);
  const audioModel = await ClapAudioModelWithProjection.from_pretrained('sounds/clap', OPTIONS);
  const processor = await AutoProcessor.from_pretrained('sounds/clap', {});

  const audio: number[][] = [];
  const times = { sound: [] as number[], features: [] as number[], tower: [] as number[] };
  for (let i = 0; i < sounds; i++) {
    const { scene, random } = sceneAt('eval', i);
    const start = performance.now();
    const sound = drawSound(scene, random);
    const made = performance.now();
    const inputs = (await processor(sound)) as { input_features: Tensor };
    const heard = performance.now();
    const { audio_embeds } = (await audioModel(inputs)) as { audio_embeds: Tensor };
    audio.push(...rows(audio_embeds));
    times.sound.push(made - start);
    times.features.push(heard - made);
    times.tower.push(performance.now() - heard);
  }
  const tokens = clap(texts, { padding: true, truncation: true });
  const { text_embeds } = (await textModel(tokens)) as { text_embeds: Tensor };
  return {
    gpt2: texts.map((text) => gpt2.encode(text)),
    clap: texts.map((text) => clap.encode(text)),
    text: rows(text_embeds),
    audio,
    milliseconds: {
      sound: median(times.sound),
      features: median(times.features),
      tower: median(times.tower),
    },
  };
}

declare global {
  interface Window {
    soundsCheck: typeof check;
  }
}
window.soundsCheck = check;
