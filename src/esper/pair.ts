/** The two models of a run: the language model that speaks, and the CLIP or CLAP that judges. */
import * as z from 'zod/mini';

/** Worlds whose models come with the page, each the owner of its repositories. */
const WORLDS = ['shapes', 'sounds'] as const;
export type BundledWorld = (typeof WORLDS)[number];

// "owner/name"; the oldest models of the hub have no owner.
const repository = z
  .string()
  .check(z.regex(/^[\w.-]+(\/[\w.-]+)?$/, 'is not the name of a repository'));

export const pairSchema = z.object({
  lm: repository,
  /** A CLIP, or a CLAP: its own config.json tells which. */
  clip: repository,
  /** Which of its ONNX files: half precision halves the download. */
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

export const SOUNDS_PAIR: Pair = { ...BUNDLED_PAIR, lm: 'sounds/gpt2', clip: 'sounds/clap' };

/** The world that a repository is of; undefined for what comes from elsewhere. */
export const worldOfRepository = (name: string): BundledWorld | undefined =>
  WORLDS.find((world) => name.startsWith(`${world}/`));

/** Both models were made for one world. */
export const isBundled = ({ lm, clip }: Pair): boolean =>
  worldOfRepository(lm) !== undefined && worldOfRepository(lm) === worldOfRepository(clip);
