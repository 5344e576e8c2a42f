/** Mean cosine of each episode's texts with its picture, in f64. */

export function cosineReference(
  image: ArrayLike<number>,
  text: ArrayLike<number>,
  imageIndex: ArrayLike<number>,
  first: ArrayLike<number>,
): Float64Array {
  const B = imageIndex.length;
  const E = text.length / first[B]!;
  const cosineOf = (b: number, row: number) => {
    let dot = 0;
    let imageSquares = 0;
    let textSquares = 0;
    for (let e = 0; e < E; e++) {
      const x = image[imageIndex[b]! * E + e]!;
      const y = text[row * E + e]!;
      dot += x * y;
      imageSquares += x * x;
      textSquares += y * y;
    }
    return dot / Math.max(Math.sqrt(imageSquares) * Math.sqrt(textSquares), 1e-8);
  };
  return Float64Array.from({ length: B }, (_, b) => {
    let sum = 0;
    for (let row = first[b]!; row < first[b + 1]!; row++) sum += cosineOf(b, row);
    return sum / Math.max(first[b + 1]! - first[b]!, 1);
  });
}
