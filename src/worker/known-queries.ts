/**
 * What a language model's repository says of the queries it knows, in two files of our own that any repository may
 * have: styles.json, a list of labels, and opening-words.json (models/openings/count.ts).
 */
import { z } from 'zod';
import type { OpeningWords } from '../esper/queries';
import { Fault } from '../faults';
import { fetchJsonIfAny } from '../frozen/fetch-file';
import { OPENING_WORDS, STYLES } from './wanted-files';

const label = z.string().trim().min(1).max(40);
const stylesSchema = z.array(label).min(1).max(32);

const openingsSchema = z
  .object({
    after: z.string().max(40),
    words: z.record(z.string().trim().min(1).max(60), z.number().positive().max(1)),
  })
  .refine(({ words }) => Object.keys(words).length > 0, 'names no word')
  // They are rounded.
  .refine(
    ({ words }) => Object.values(words).reduce((sum, share) => sum + share, 0) <= 1 + 1e-4,
    'has frequencies that add up to more than 1',
  );

/**
 * @param file that the fault names
 * @throws Fault bad-file
 */
export function parseStyles(file: string, json: unknown): string[] {
  return parsed(file, stylesSchema, json);
}

/** @throws Fault bad-file */
export function parseOpeningWords(file: string, json: unknown): OpeningWords {
  return parsed(file, openingsSchema, json);
}

function parsed<T>(file: string, schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const problem = result.error.issues
    .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
    .join('; ');
  throw new Fault({ kind: 'bad-file', file, problem });
}

export interface KnownQueries {
  styles: string[];
  openingWords: OpeningWords | undefined;
}

/**
 * @param base the language model's repository, absolute
 * @throws Fault download, bad-file
 */
export async function loadKnownQueries(base: string): Promise<KnownQueries> {
  const [styles, openings] = await Promise.all(
    [STYLES, OPENING_WORDS].map((file) => fetchJsonIfAny(base + file)),
  );
  return {
    styles: styles === undefined ? [] : parseStyles(base + STYLES, styles),
    openingWords:
      openings === undefined ? undefined : parseOpeningWords(base + OPENING_WORDS, openings),
  };
}
