/** Cosine of each text with its picture, in f64. */

export function cosineReference(
  image: ArrayLike<number>,
  text: ArrayLike<number>,
  imageIndex: ArrayLike<number>,
): Float64Array {
  const B = imageIndex.length;
  const E = text.length / B;
  return Float64Array.from({ length: B }, (_, b) => {
    let dot = 0;
    let imageSquares = 0;
    let textSquares = 0;
    for (let e = 0; e < E; e++) {
      const x = image[imageIndex[b]! * E + e]!;
      const y = text[b * E + e]!;
      dot += x * y;
      imageSquares += x * x;
      textSquares += y * y;
    }
    return dot / Math.max(Math.sqrt(imageSquares) * Math.sqrt(textSquares), 1e-8);
  });
}
