/** JSON of a repository's file, checked: what is wrong with it is a fault that names the fields. */
import type { z } from 'zod';
import { Fault } from '../faults';

/**
 * @param file that the fault names
 * @throws Fault bad-file
 */
export function parsedFile<T>(file: string, schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problem = parsed.error.issues
    .map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`)
    .join('; ');
  throw new Fault({ kind: 'bad-file', file, problem });
}
