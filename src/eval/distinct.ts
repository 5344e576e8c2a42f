/**
 * distinct-n (Li et al. 2016): how many different n-grams a set of captions has, of all its n-grams. A model
 * that says the same of everything comes near 0.
 */
import { LONGEST, type NgramCounts } from './ngrams';

/** distinct-1 to distinct-4, 0 to 1; 0 where there is no n-gram of that length. */
export function distinct(captions: readonly NgramCounts[]): number[] {
  return Array.from({ length: LONGEST }, (_, order) => {
    const different = new Set<number>();
    let all = 0;
    for (const { orders } of captions)
      for (const [ngram, count] of orders[order]!) {
        different.add(ngram);
        all += count;
      }
    return all === 0 ? 0 : different.size / all;
  });
}
