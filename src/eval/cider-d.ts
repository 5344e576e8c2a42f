/**
 * CIDEr-D (Vedantam et al. 2015) as the COCO caption toolkit computes it: cosines of tf-idf vectors of 1- to
 * 4-grams, clipped, less where the lengths differ (σ = 6), times 10. Document frequencies are those of the
 * references at hand (https://github.com/tylin/coco-caption, pycocoevalcap/cider), so that a score depends on
 * the set it is part of, and that of a single image is 0.
 */
import { LONGEST, type CountedImage, type NgramCounts } from './ngrams';

const SIGMA = 6;

/** An n-gram's tf-idf weights and their Euclidean length, of each order. */
interface Weighted {
  orders: readonly ReadonlyMap<number, number>[];
  norms: readonly number[];
  /** The toolkit counts the bigrams of a text for its length. */
  length: number;
}

export class CiderD {
  readonly #images: number;
  /** Of each order: in how many images' references an n-gram occurs. */
  readonly #frequencies: readonly Map<number, number>[];

  /** @param references of every image of the set */
  constructor(references: Iterable<readonly NgramCounts[]>) {
    this.#frequencies = Array.from({ length: LONGEST }, () => new Map<number, number>());
    let images = 0;
    for (const texts of references) {
      images++;
      this.#frequencies.forEach((frequencies, order) => {
        const seen = new Set(texts.flatMap(({ orders }) => [...orders[order]!.keys()]));
        for (const ngram of seen) frequencies.set(ngram, (frequencies.get(ngram) ?? 0) + 1);
      });
    }
    this.#images = images;
  }

  /** 0 to 10. */
  score({ candidate, references }: CountedImage): number {
    const weighted = this.#weigh(candidate);
    let sum = 0;
    for (const reference of references) sum += similarity(weighted, this.#weigh(reference));
    return (10 * sum) / references.length;
  }

  #weigh({ words, orders }: NgramCounts): Weighted {
    const norms: number[] = [];
    const weights = orders.map((counts, order) => {
      const weightOf = new Map<number, number>();
      let squares = 0;
      for (const [ngram, count] of counts) {
        const frequency = Math.max(1, this.#frequencies[order]!.get(ngram) ?? 0);
        const weight = count * (Math.log(this.#images) - Math.log(frequency));
        weightOf.set(ngram, weight);
        squares += weight ** 2;
      }
      norms.push(Math.sqrt(squares));
      return weightOf;
    });
    return { orders: weights, norms, length: Math.max(0, words - 1) };
  }
}

/** Mean over the orders of the clipped cosine, damped by the difference in length. */
function similarity(a: Weighted, b: Weighted): number {
  let sum = 0;
  for (let order = 0; order < LONGEST; order++) {
    const norms = a.norms[order]! * b.norms[order]!;
    if (norms === 0) continue;
    let product = 0;
    for (const [ngram, weight] of a.orders[order]!) {
      const other = b.orders[order]!.get(ngram) ?? 0;
      product += Math.min(weight, other) * other;
    }
    sum += product / norms;
  }
  const difference = a.length - b.length;
  return (sum / LONGEST) * Math.exp(-(difference ** 2) / (2 * SIGMA ** 2));
}
