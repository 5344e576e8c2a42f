/** What of a response CLIP is shown: all of it, its first sentence, or each sentence. */
import type { Config } from './config';

export type ClipText = Config['clipText'];

/** Rows that a response's sentences take at most; what is beyond is read with the last. */
export const MOST_SENTENCES = 4;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** @returns at least one text, at most `MOST_SENTENCES` */
export function textsForClip(text: string, reads: ClipText): string[] {
  if (reads === 'whole') return [text];
  const sentences = Array.from(segmenter.segment(text), ({ segment }) => segment.trim()).filter(
    Boolean,
  );
  if (sentences.length === 0) return [text];
  if (reads === 'first-sentence') return sentences.slice(0, 1);
  if (sentences.length <= MOST_SENTENCES) return sentences;
  const last = sentences.slice(MOST_SENTENCES - 1).join(' ');
  return [...sentences.slice(0, MOST_SENTENCES - 1), last];
}
