/** Reads a GPT-2 config.json; fields that the network's shape depends on must be there and fit. */
import { z } from 'zod';
import { Fault } from '../../faults';
import type { Gpt2Config } from './weights';

const size = z.number().int().positive();

const schema = z
  .object({
    model_type: z.literal('gpt2'),
    vocab_size: size,
    n_positions: size,
    n_embd: size,
    n_layer: size,
    n_head: size,
    layer_norm_epsilon: z.number().positive().default(1e-5),
    eos_token_id: z.number().int().min(0),
    // What our kernels and graphs compute; another value would run and be wrong.
    activation_function: z.enum(['gelu_new', 'gelu_pytorch_tanh']).default('gelu_new'),
    scale_attn_weights: z.literal(true).default(true),
    scale_attn_by_inverse_layer_idx: z.literal(false).default(false),
    tie_word_embeddings: z.boolean().default(true),
    n_inner: z.number().nullable().default(null),
  })
  .refine((config) => config.n_embd % config.n_head === 0, {
    path: ['n_head'],
    message: 'must divide n_embd',
  })
  .refine((config) => config.n_inner === null || config.n_inner === 4 * config.n_embd, {
    path: ['n_inner'],
    message: 'must be 4 × n_embd',
  })
  .refine((config) => config.eos_token_id < config.vocab_size, {
    path: ['eos_token_id'],
    message: 'must be below vocab_size',
  });

/**
 * @param file what faults call it
 * @throws Fault bad-file, naming each field that does not fit
 */
export function parseGpt2Config(file: string, json: unknown): Gpt2Config {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const problem = parsed.error.issues
      .map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`)
      .join('; ');
    throw new Fault({ kind: 'bad-file', file, problem });
  }
  const config = parsed.data;
  return {
    vocab_size: config.vocab_size,
    n_positions: config.n_positions,
    n_embd: config.n_embd,
    n_layer: config.n_layer,
    n_head: config.n_head,
    layer_norm_epsilon: config.layer_norm_epsilon,
    eos_token_id: config.eos_token_id,
    ...(config.tie_word_embeddings ? {} : { tie_word_embeddings: false }),
  };
}
