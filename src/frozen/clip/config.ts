/** The fields of CLIP's config.json that the system depends on. */
import { z } from 'zod';
import type { EncoderConfig } from '../encoder';
import { parsedFile } from '../parsed-file';

export interface ClipConfig extends EncoderConfig {
  /** Side of the square picture that the vision network sees, in pixels. */
  imageSize: number;
}

const size = z.number().int().positive();

// Hugging Face leaves out what equals ViT-B/32; the defaults are its.
const schema = z.object({
  model_type: z.literal('clip'),
  projection_dim: size.default(512),
  vision_config: z.object({ image_size: size.default(224) }).prefault({}),
  text_config: z.object({ max_position_embeddings: size.default(77) }).prefault({}),
});

/** @throws Fault bad-file */
export function parseClipConfig(file: string, json: unknown): ClipConfig {
  const { projection_dim, vision_config, text_config } = parsedFile(file, schema, json);
  return {
    projectionDim: projection_dim,
    imageSize: vision_config.image_size,
    contextLength: text_config.max_position_embeddings,
  };
}
