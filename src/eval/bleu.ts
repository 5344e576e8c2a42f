/**
 * BLEU-1 to BLEU-4 (Papineni et al. 2002) as the COCO caption toolkit computes it: of several references the
 * length closest to the caption's counts, of two as close the shorter; a text's own score is smoothed by
 * numbers too small to see in the corpus's (https://github.com/tylin/coco-caption, pycocoevalcap/bleu).
 */
import { LONGEST, type CountedImage } from './ngrams';

/** What BLEU needs to know of one text; the corpus's is the sum of its texts'. */
export interface BleuCounts {
  words: number;
  /** Words of the closest reference. */
  referenceWords: number;
  /** Of each order: n-grams of the caption, and how many of them a reference has (clipped). */
  possible: readonly number[];
  matched: readonly number[];
}

const TINY = 1e-15;
const SMALL = 1e-9;

export function bleuCounts({ candidate, references }: CountedImage): BleuCounts {
  const { words } = candidate;
  let referenceWords = Number.POSITIVE_INFINITY;
  for (const { words: length } of references) {
    const nearer = Math.abs(length - words) - Math.abs(referenceWords - words);
    if (nearer < 0 || (nearer === 0 && length < referenceWords)) referenceWords = length;
  }
  const matched = candidate.orders.map((counts, order) => {
    let sum = 0;
    for (const [ngram, count] of counts) {
      let most = 0;
      for (const { orders } of references) most = Math.max(most, orders[order]!.get(ngram) ?? 0);
      sum += Math.min(count, most);
    }
    return sum;
  });
  const possible = Array.from({ length: LONGEST }, (_, order) => Math.max(0, words - order));
  return { words, referenceWords, possible, matched };
}

export const addBleuCounts = (a: BleuCounts, b: BleuCounts): BleuCounts => ({
  words: a.words + b.words,
  referenceWords: a.referenceWords + b.referenceWords,
  possible: a.possible.map((count, order) => count + b.possible[order]!),
  matched: a.matched.map((count, order) => count + b.matched[order]!),
});

/** BLEU-1 to BLEU-4, 0 to 1, of a text or, from the sum of the counts, of a corpus. */
export function bleu({ words, referenceWords, possible, matched }: BleuCounts): number[] {
  const ratio = (words + TINY) / (referenceWords + SMALL);
  const brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  return possible.map((count, order) => {
    product *= (matched[order]! + TINY) / (count + SMALL);
    return product ** (1 / (order + 1)) * brevity;
  });
}
