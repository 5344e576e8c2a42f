/** The two models of a run: the language model that speaks and the CLIP that judges. */
import * as z from 'zod/mini';

/** Repositories of this owner come with the page. */
export const BUNDLED_OWNER = 'shapes/';

// "owner/name"; the oldest models of the hub have no owner.
const repository = z
  .string()
  .check(z.regex(/^[\w.-]+(\/[\w.-]+)?$/, 'is not the name of a repository'));

export const pairSchema = z.object({
  lm: repository,
  clip: repository,
  /** Which of CLIP's ONNX files: half precision halves the download. */
  clipDType: z.enum(['fp32', 'fp16', 'q8']),
  /** What the language model's matrices are stored as on the GPU: halves halve its memory. */
  lmDType: z.enum(['f32', 'f16']),
});
export type Pair = z.infer<typeof pairSchema>;

export const BUNDLED_PAIR: Pair = {
  lm: 'shapes/gpt2',
  lmDType: 'f32',
  clip: 'shapes/clip',
  clipDType: 'fp32',
};

export const isBundled = ({ lm, clip }: Pair): boolean =>
  lm.startsWith(BUNDLED_OWNER) && clip.startsWith(BUNDLED_OWNER);
