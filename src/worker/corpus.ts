/** The person's own texts for a warm start: one a line of a text file, kept in this browser. */
import { del, get, set } from 'idb-keyval';
import type { Corpus } from '../esper/networks';
import { Fault } from '../faults';
import type { Models } from './models';
import type { TrainerEvent } from './protocol';

const KEY = 'esper/corpus';
/** More would not be drawn in any run, and all of them lie in memory. */
const MOST_TEXTS = 200_000;

export interface Texts {
  /** The file's name. */
  name: string;
  texts: readonly string[];
}

/** @throws Fault bad-file where it is no text, or has none */
export function readTexts(name: string, content: string): Texts {
  const bad = (problem: string) => new Fault({ kind: 'bad-file', file: name, problem });
  if (content.includes('\0')) throw bad('It is no text file: it holds bytes of 0.');
  const texts = content
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  if (texts.length === 0)
    throw bad('It has no line with text; a warm start wants one text a line.');
  return { name, texts: texts.slice(0, MOST_TEXTS) };
}

export const corpusOf = ({ texts }: Texts): Corpus => ({ draw: (random) => random.pick(texts) });

/** From now on a warm start draws from them, or from what the models bring. */
export function giveTexts(
  { networks, texts: own }: Models,
  texts: Texts | undefined,
  emit: (event: TrainerEvent) => void,
): void {
  networks.corpus = texts ? corpusOf(texts) : own;
  emit({ kind: 'texts', texts: texts && { name: texts.name, count: texts.texts.length } });
}

export async function loadTexts(): Promise<Texts | undefined> {
  try {
    return await get<Texts>(KEY);
  } catch (error) {
    throw new Fault({ kind: 'storage', message: String(error) });
  }
}

/** @param texts undefined forgets them */
export async function storeTexts(texts: Texts | undefined): Promise<void> {
  try {
    await (texts ? set(KEY, texts) : del(KEY));
  } catch (error) {
    throw new Fault({ kind: 'storage', message: String(error) });
  }
}
