/** The fields of CLAP's config.json and preprocessor_config.json that the system depends on. */
import { z } from 'zod';
import type { EncoderConfig, Hearing } from '../encoder';
import { parsedFile } from '../parsed-file';

const count = z.number().int().positive();

// Hugging Face leaves out what equals laion/clap-htsat-unfused; the defaults are its.
const configSchema = z.object({
  model_type: z.literal('clap'),
  projection_dim: count.default(512),
  text_config: z
    .object({
      max_position_embeddings: count.default(514),
      pad_token_id: z.number().int().nonnegative().default(1),
    })
    .prefault({}),
});

/** @throws Fault bad-file */
export function parseClapConfig(file: string, json: unknown): EncoderConfig {
  const { projection_dim, text_config } = parsedFile(file, configSchema, json);
  const { max_position_embeddings, pad_token_id } = text_config;
  // RoBERTa's positions begin behind that of the padding.
  return {
    projectionDim: projection_dim,
    contextLength: max_position_embeddings - pad_token_id - 1,
  };
}

const UNFUSED =
  'sounds are to be cut (“rand_trunc”), as in laion/clap-htsat-unfused; a fused CLAP is not supported';

const extractorSchema = z.object({
  feature_extractor_type: z.literal('ClapFeatureExtractor'),
  sampling_rate: count,
  /** Samples of the longest sound. */
  nb_max_samples: count,
  truncation: z.literal('rand_trunc', UNFUSED),
});

/** @throws Fault bad-file */
export function parseHearing(file: string, json: unknown): Hearing {
  const { sampling_rate, nb_max_samples } = parsedFile(file, extractorSchema, json);
  return { rate: sampling_rate, samples: nb_max_samples };
}
