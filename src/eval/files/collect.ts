/** Gathers texts by image, and says what is wrong with an entry. */
import type { z } from 'zod';

export interface CaptionsOfImage {
  /** As the file names the image, such as COCO's number. */
  id: string;
  /** The picture's file, where the file says it. */
  file: string | undefined;
  /** Karpathy's train, val, test or restval. */
  split: string | undefined;
  /** One at least, in the order of the file. */
  texts: string[];
}

/** Tells what is wrong with the file, and ends reading it. */
export type Fail = (problem: string) => never;

export class Collected {
  readonly #images = new Map<string, CaptionsOfImage>();

  /** Makes sure that the image is known; what is told later adds to what was told before. */
  image(id: string, file?: string, split?: string): CaptionsOfImage {
    const known = this.#images.get(id);
    if (known) {
      known.file ??= file;
      known.split ??= split;
      return known;
    }
    const image = { id, file, split, texts: [] };
    this.#images.set(id, image);
    return image;
  }

  get images(): CaptionsOfImage[] {
    return [...this.#images.values()];
  }
}

/** @param where what the entry is called, such as "Line 3" or "annotations[7]" */
export function checked<T>(schema: z.ZodType<T>, value: unknown, where: string, fail: Fail): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join('.');
  return fail(`${where}${path ? `, ${path}` : ''}: ${issue?.message ?? 'is not as it must be'}.`);
}

/** A list under a name, its entries unchecked yet. */
export function listOf(value: object, name: string, fail: Fail): unknown[] {
  const list: unknown = (value as Record<string, unknown>)[name];
  return Array.isArray(list) ? list : fail(`“${name}” is not a list.`);
}
