/** A tiny frozen GPT-2 (the twin's golden one) with a text encoder that hashes words, for tests. */
import checkpointUrl from '../../../models/reference/golden/gpt2.safetensors?url';
import golden from '../../../models/reference/golden/gpt2-gradient.json';
import { Gpt2Cache } from '../../frozen/gpt2/cache';
import { Gpt2Differentiable } from '../../frozen/gpt2/differentiable';
import { receiveGpt2 } from '../../frozen/gpt2/load';
import { openLanguageModel } from '../../frozen/gpt2/open';
import type { WeightDType } from '../../frozen/gpt2/weights';
import type { Provider } from '../../frozen/provider';
import type { KernelRunner } from '../../gpu/kernel';
import { Random } from '../../math/random';
import type { Networks } from '../networks';

export const SMALL_E = 16;

/** Each token id has a random direction; a text is their sum, so that cosines vary with the words. */
export function textFeature(text: string): number[] {
  const sum = new Array<number>(SMALL_E).fill(1e-3);
  for (const word of text.split(' ').filter(Boolean)) {
    const random = new Random(77, Number(word));
    for (let i = 0; i < SMALL_E; i++) sum[i]! += random.normal();
  }
  return sum;
}

export async function smallNetworks(
  runner: KernelRunner,
  on?: Provider | 'kernels',
  storage: WeightDType = 'f32',
): Promise<Networks> {
  const checkpoint = await (await fetch(checkpointUrl)).blob();
  const weights = await receiveGpt2(
    runner.gpu,
    golden.gpt2,
    'gpt2.safetensors',
    checkpoint,
    storage,
  );
  return {
    runner,
    lm: await openLanguageModel(runner, weights, on),
    differentiate: (sizes) => Gpt2Differentiable.create(runner, weights, sizes),
    cache: (sizes) => Gpt2Cache.create(runner, weights, sizes),
    tokenizer: {
      decode: (ids) => Array.from(ids).join(' '),
      encode: (text) => text.split(' ').filter(Boolean).map(Number),
    },
    clip: {
      textFeatures: async (texts, out) =>
        out.write(Float32Array.from(texts.flatMap(textFeature)), 0),
    },
    E: SMALL_E,
    query: golden.query,
    // Texts are token ids in digits.
    wording: {
      encode: (text) => Array.from(text.matchAll(/\d+/g), ([digits]) => Number(digits)),
      label: '5 11',
      styles: ['7', '20 21'],
      openingWords: { after: '5', words: { '30': 0.5, '31 32': 0.3 } },
    },
  };
}
