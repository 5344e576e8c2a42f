/**
 * CLIPScore and RefCLIPScore (Hessel et al. 2021, https://arxiv.org/abs/2104.08718) from cosines of CLIP's
 * embeddings: 2.5 · max(cos(picture, caption), 0), and its harmonic mean with the best cosine of the caption
 * and a reference.
 */
const WEIGHT = 2.5;

export const clipScore = (cosine: number): number => WEIGHT * Math.max(cosine, 0);

/**
 * @param cosine of picture and caption
 * @param referenceCosines of caption and each reference, one at least
 */
export function refClipScore(cosine: number, referenceCosines: readonly number[]): number {
  const score = clipScore(cosine);
  const best = Math.max(0, ...referenceCosines);
  return score + best === 0 ? 0 : (2 * score * best) / (score + best);
}

/** Of two embeddings [E] of any length; 0 where one is 0. */
export function cosineOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return aa * bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}
