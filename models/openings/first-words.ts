/**
 * With which words the sentences of a corpus begin, and how often: what opening words are drawn by
 * (src/esper/queries.ts; arXiv 2205.12630 draws them by their frequency in Wikipedia).
 */
import type { OpeningWords } from '../../src/esper/queries';

const END_OF_TEXT = '<|endoftext|>';
const WORD = /^[^\p{L}\p{N}]*([\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*)/u;
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Counts texts one by one, so that a corpus need not be in memory. */
export class FirstWords {
  readonly #after: string;
  readonly #counts = new Map<string, number>();
  sentences = 0;

  /** @param after count only what follows this label at the start of a text, as "caption:"; '' counts all */
  constructor(after: string) {
    this.#after = after;
  }

  /** A line of the corpus: one or several texts, ended by "<|endoftext|>". */
  add(line: string): void {
    for (const text of line.split(END_OF_TEXT)) {
      if (!text.startsWith(this.#after)) continue;
      for (const { segment } of segmenter.segment(text.slice(this.#after.length))) {
        const [, word] = WORD.exec(segment) ?? [];
        if (!word) continue;
        this.sentences++;
        this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
        // What follows a label is one sentence.
        if (this.#after) break;
      }
    }
  }

  /** The `most` most frequent words that begin at least `least` of the sentences, most frequent first. */
  list({ most, least }: { most: number; least: number }): OpeningWords {
    const words = [...this.#counts]
      .map(([word, count]): [string, number] => [word, Number((count / this.sentences).toFixed(6))])
      .filter(([, share]) => share >= least)
      // Equally frequent ones by the alphabet, so that the list does not depend on the corpus's order.
      .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, most);
    return { after: this.#after, words: Object.fromEntries(words) };
  }
}
