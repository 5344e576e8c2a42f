/** The page against what the real repositories hold, as models/hub-manifest.json records it. */
import { describe, expect, it } from 'vitest';
import manifest from '../models/hub-manifest.json';
import { isBundled } from '../src/esper/pair';
import { parseHearing } from '../src/frozen/clap/config';
import { parseClipConfig } from '../src/frozen/clip/config';
import { modalityOf, parseEncoderConfig } from '../src/frozen/encoder-config';
import { parseGpt2Config } from '../src/frozen/gpt2/config';
import { parameterShapes } from '../src/frozen/gpt2/parameters';
import { PRESETS } from '../src/ui/models/presets';
import { OPENING_WORDS, STYLES, wantedOfEncoder, wantedOfLm } from '../src/worker/wanted-files';

const repositories = new Map(Object.entries(manifest.repositories));
const presets = PRESETS.filter(({ pair }) => !isBundled(pair));

/** Ours: no general language model has them. */
const isOfTheHub = (file: string) => file !== STYLES && file !== OPENING_WORDS;

describe.each(['fp32', 'fp16', 'q8'] as const)('with CLIP in %s', (clipDType) => {
  it.each(presets)('$name asks for files that are there', ({ pair }) => {
    const modality = modalityOf(pair.clip, repositories.get(pair.clip)?.config);
    const wanted = [wantedOfLm(pair), wantedOfEncoder({ ...pair, clipDType }, modality)];
    for (const { repository, required, optional } of wanted) {
      const files = Object.keys(repositories.get(repository)?.files ?? {});
      expect(files, repository).toEqual(
        expect.arrayContaining([...required, ...optional].filter(isOfTheHub)),
      );
    }
  });
});

it('records no repository that the page does not offer', () => {
  const offered = presets.flatMap(({ pair }) => [pair.lm, pair.clip]);
  expect([...repositories.keys()].toSorted()).toEqual([...new Set(offered)].toSorted());
});

describe('the recorded config.json', () => {
  it.each([
    ['distilbert/distilgpt2', 6, 768, 12],
    ['openai-community/gpt2', 12, 768, 12],
    ['openai-community/gpt2-medium', 24, 1024, 16],
  ] as const)('of %s gives the network’s shape', (name, n_layer, n_embd, n_head) => {
    expect(parseGpt2Config(name, manifest.repositories[name].config)).toEqual({
      vocab_size: 50_257,
      n_positions: 1024,
      n_embd,
      n_layer,
      n_head,
      layer_norm_epsilon: 1e-5,
      eos_token_id: 50_256,
    });
  });

  it.each(['Xenova/clip-vit-base-patch32', 'Xenova/clip-vit-base-patch16'] as const)(
    'of %s gives CLIP’s sizes, which it leaves out',
    (name) => {
      expect(parseClipConfig(name, manifest.repositories[name].config)).toEqual({
        projectionDim: 512,
        imageSize: 224,
        contextLength: 77,
      });
    },
  );

  it('of Xenova/clap-htsat-unfused gives CLAP’s sizes, and its extractor’s what it hears', () => {
    const name = 'Xenova/clap-htsat-unfused';
    const { config, extractor } = manifest.repositories[name];
    expect(parseEncoderConfig(name, config)).toEqual({ projectionDim: 512, contextLength: 512 });
    expect(parseHearing(name, extractor)).toEqual({ rate: 48_000, samples: 480_000 });
  });
});

it.each(['openai-community/gpt2', 'distilbert/distilgpt2'] as const)(
  'the checkpoint of %s holds our parameters and the masks, to the byte',
  (name) => {
    const { config, files, safetensors } = manifest.repositories[name];
    const gpt2 = parseGpt2Config(name, config);
    const shapes = [...parameterShapes(gpt2).values()];
    expect(shapes.length + gpt2.n_layer).toBe(safetensors.tensors);
    const numbers = shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b), 0);
    const masks = gpt2.n_layer * gpt2.n_positions ** 2;
    expect(8 + safetensors.headerBytes + 4 * (numbers + masks)).toBe(
      files['model.safetensors'].bytes,
    );
  },
);
