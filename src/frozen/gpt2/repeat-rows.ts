/** Rows of a matrix in memory, each several times in a row: what sequences with one beginning go on from. */

/** data [I, …] → [I · times, …]; the same array where `times` is 1. */
export function repeatRows(data: Float32Array, I: number, times: number): Float32Array {
  if (times === 1) return data;
  const width = data.length / I;
  const repeated = new Float32Array(data.length * times);
  for (let row = 0; row < I * times; row++) {
    const from = Math.floor(row / times) * width;
    repeated.set(data.subarray(from, from + width), row * width);
  }
  return repeated;
}
