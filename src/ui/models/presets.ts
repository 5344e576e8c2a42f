/** The bundled worlds, and pairs of the hub that this page's architectures fit; sizes are looked up, not written here. */
import { BUNDLED_PAIR, type Pair, SOUNDS_PAIR } from '../../esper/pair';

export interface Preset {
  name: string;
  about: string;
  pair: Pair;
}

const CLIP_B32 = {
  lmDType: 'f32',
  clip: 'Xenova/clip-vit-base-patch32',
  clipDType: 'fp16',
} as const;

export const PRESETS: readonly Preset[] = [
  {
    name: 'Bundled world of shapes',
    about: 'Small models that this project trained on generated pictures; they come with the page.',
    pair: BUNDLED_PAIR,
  },
  {
    name: 'Bundled world of sounds',
    about: 'Small models that this project trained on generated sounds; they come with the page.',
    pair: SOUNDS_PAIR,
  },
  {
    name: 'DistilGPT-2 and CLIP ViT-B/32',
    about: '82 million parameters speak; the smallest pair for photos.',
    pair: { lm: 'distilbert/distilgpt2', ...CLIP_B32 },
  },
  {
    name: 'GPT-2 and CLIP ViT-B/32',
    about: '124 million parameters speak.',
    pair: { lm: 'openai-community/gpt2', ...CLIP_B32 },
  },
  {
    name: 'GPT-2 and CLIP ViT-B/16',
    about: 'Finer sight: four times the patches.',
    pair: {
      lm: 'openai-community/gpt2',
      clip: 'Xenova/clip-vit-base-patch16',
      clipDType: 'fp16',
      lmDType: 'f32',
    },
  },
  {
    name: 'GPT-2 medium and CLIP ViT-B/32',
    about: '355 million parameters speak, stored as halves; for GPUs with room.',
    pair: { lm: 'openai-community/gpt2-medium', ...CLIP_B32, lmDType: 'f16' },
  },
  {
    name: 'GPT-2 and CLAP HTSAT',
    about: '124 million parameters speak of sounds of up to ten seconds.',
    pair: {
      lm: 'openai-community/gpt2',
      clip: 'Xenova/clap-htsat-unfused',
      clipDType: 'fp16',
      lmDType: 'f32',
    },
  },
];
