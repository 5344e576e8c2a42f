/** N-grams of words as numbers, so that millions of them are counted and compared without strings. */

/** BLEU and CIDEr look at n-grams of up to so many words. */
export const LONGEST = 4;

export interface NgramCounts {
  /** Words of the text. */
  words: number;
  /** Of each order, 1 to `LONGEST`: how often each n-gram occurs, by its number. */
  orders: readonly ReadonlyMap<number, number>[];
}

/** Numbers are handed out in the order of meeting, from 0, for each order on its own. */
export class NgramTable {
  readonly #words = new Map<string, number>();
  /** By (number of all but the last word) · 2^26 + number of the last word, orders 2 and up. */
  readonly #longer: readonly Map<number, number>[] = Array.from(
    { length: LONGEST - 1 },
    () => new Map<number, number>(),
  );

  count(words: readonly string[]): NgramCounts {
    let previous = words.map((word) => numberOf(this.#words, word));
    const last = previous;
    const orders = [tally(previous)];
    for (const table of this.#longer) {
      const order = orders.length;
      const next: number[] = [];
      for (let start = 0; start + order < words.length; start++)
        next.push(numberOf(table, previous[start]! * 2 ** 26 + last[start + order]!));
      orders.push(tally(next));
      previous = next;
    }
    return { words: words.length, orders };
  }
}

function numberOf<Key>(table: Map<Key, number>, key: Key): number {
  const known = table.get(key);
  if (known !== undefined) return known;
  table.set(key, table.size);
  return table.size - 1;
}

function tally(numbers: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return counts;
}

/** A caption and what it is compared with, counted by one table. */
export interface CountedImage {
  candidate: NgramCounts;
  /** One at least. */
  references: readonly NgramCounts[];
}
