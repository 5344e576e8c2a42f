/** The fields of CLIP's config.json that the system depends on. */
import { z } from 'zod';
import { Fault } from '../../faults';

export interface ClipConfig {
  /** Width E of the joint space. */
  projectionDim: number;
  /** Side of the square picture that the vision network sees, in pixels. */
  imageSize: number;
  /** Tokens of a text at most, start and end included. */
  contextLength: number;
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
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const problem = parsed.error.issues
      .map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`)
      .join('; ');
    throw new Fault({ kind: 'bad-file', file, problem });
  }
  const { projection_dim, vision_config, text_config } = parsed.data;
  return {
    projectionDim: projection_dim,
    imageSize: vision_config.image_size,
    contextLength: text_config.max_position_embeddings,
  };
}
