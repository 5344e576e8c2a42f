import { expect, test } from 'vitest';
import { BUNDLED_PAIR } from '../esper/pair';
import { clipParameters, countWorld, createWorldStore, gpt2Parameters } from './world';

test('gpt2 has 124,439,808 parameters, as published', () => {
  const shape = { vocab_size: 50257, n_positions: 1024, n_embd: 768, n_layer: 12 };
  expect(gpt2Parameters(shape)).toBe(124_439_808);
});

test('CLIP ViT-B/32 has 151,277,313 parameters, as published', () => {
  const shape = {
    projection_dim: 512,
    vision_config: {
      hidden_size: 768,
      intermediate_size: 3072,
      num_hidden_layers: 12,
      image_size: 224,
      patch_size: 32,
    },
    text_config: {
      hidden_size: 512,
      intermediate_size: 2048,
      num_hidden_layers: 12,
      vocab_size: 49408,
      max_position_embeddings: 77,
    },
  };
  expect(clipParameters(shape)).toBe(151_277_313);
});

test('a config that is missing or of another kind leaves its model uncounted', async () => {
  const world = createWorldStore();
  await countWorld(world, BUNDLED_PAIR, async (path) => {
    if (path.startsWith('shapes/clip/')) throw new Error('404');
    return { model_type: 'bert' };
  });
  expect(world.getState()).toEqual({ gpt2: undefined, clip: undefined });
});
