import { expect, it } from 'vitest';
import { weightBytes } from './memory';

const GPT2 = {
  vocab_size: 50_257,
  n_positions: 1024,
  n_embd: 768,
  n_layer: 12,
  n_head: 12,
  layer_norm_epsilon: 1e-5,
  eos_token_id: 50_256,
};

it('counts GPT-2’s 124,439,808 parameters, the matrices but wpe in halves if wished', () => {
  expect(weightBytes(GPT2, 'f32')).toBe(4 * 124_439_808);
  const matrices = 50_257 * 768 + 12 * 12 * 768 ** 2;
  expect(weightBytes(GPT2, 'f16')).toBe(4 * 124_439_808 - 2 * matrices);
});

it('counts a head of its own', () => {
  const untied = { ...GPT2, tie_word_embeddings: false };
  expect(weightBytes(untied, 'f16') - weightBytes(GPT2, 'f16')).toBe(2 * 50_257 * 768);
});
