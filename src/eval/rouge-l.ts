/**
 * ROUGE-L (Lin 2004) as the COCO caption toolkit computes it: the longest common subsequence's best precision
 * and best recall over the references, each on its own, in an F-measure with β = 1.2
 * (https://github.com/tylin/coco-caption, pycocoevalcap/rouge).
 */
const BETA_SQUARED = 1.2 ** 2;

/** @param references one at least */
export function rougeL(
  candidate: readonly string[],
  references: readonly (readonly string[])[],
): number {
  // An empty text counts there as one empty word.
  const words = candidate.length > 0 ? candidate : [''];
  let precision = 0;
  let recall = 0;
  for (const reference of references) {
    const other = reference.length > 0 ? reference : [''];
    const common = commonSubsequence(words, other);
    precision = Math.max(precision, common / words.length);
    recall = Math.max(recall, common / other.length);
  }
  if (precision === 0 || recall === 0) return 0;
  return ((1 + BETA_SQUARED) * precision * recall) / (recall + BETA_SQUARED * precision);
}

/** Length of the longest common subsequence, row by row. */
function commonSubsequence(a: readonly string[], b: readonly string[]): number {
  const row = new Uint16Array(b.length + 1);
  for (const word of a) {
    let diagonal = 0;
    for (let j = 0; j < b.length; j++) {
      const above = row[j + 1]!;
      row[j + 1] = word === b[j] ? diagonal + 1 : Math.max(above, row[j]!);
      diagonal = above;
    }
  }
  return row[b.length]!;
}
