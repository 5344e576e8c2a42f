import { describe, expect, it } from 'vitest';
import { parseGpt2Config } from './config';

/** openai-community/gpt2's config.json, as far as it matters. */
const GPT2 = {
  activation_function: 'gelu_new',
  architectures: ['GPT2LMHeadModel'],
  eos_token_id: 50256,
  layer_norm_epsilon: 1e-5,
  model_type: 'gpt2',
  n_ctx: 1024,
  n_embd: 768,
  n_head: 12,
  n_layer: 12,
  n_positions: 1024,
  vocab_size: 50257,
};

describe('config.json of GPT-2', () => {
  it('is reduced to the fields that shape the network', () => {
    expect(parseGpt2Config('config.json', GPT2)).toEqual({
      vocab_size: 50257,
      n_positions: 1024,
      n_embd: 768,
      n_layer: 12,
      n_head: 12,
      layer_norm_epsilon: 1e-5,
      eos_token_id: 50256,
    });
  });

  it('says where the head is a matrix of its own', () => {
    const untied = { ...GPT2, tie_word_embeddings: false };
    expect(parseGpt2Config('config.json', untied).tie_word_embeddings).toBe(false);
  });

  it.each([
    ['another network', { model_type: 'llama' }, /model_type/],
    ['no layers', { n_layer: 0 }, /n_layer/],
    ['a missing width', { n_embd: undefined }, /n_embd/],
    ['heads that do not divide the width', { n_head: 7 }, /n_head: must divide n_embd/],
    ['another activation', { activation_function: 'relu' }, /activation_function/],
    ['another inner width', { n_inner: 1000 }, /n_inner: must be 4/],
    ['attention scaled by layer', { scale_attn_by_inverse_layer_idx: true }, /scale_attn/],
    ['an end of text outside the vocabulary', { eos_token_id: 50257 }, /eos_token_id/],
  ])('is refused with the field’s name: %s', (_, change, message) => {
    expect(() => parseGpt2Config('config.json', { ...GPT2, ...change })).toThrow(message);
  });

  it('is refused when it is no object', () => {
    expect(() => parseGpt2Config('config.json', [])).toThrow(/config.json cannot be used/);
  });
});
