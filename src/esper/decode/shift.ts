/**
 * One step of ZeroCap's gradient descent on keys and values (Tewel et al. 2022, arXiv 2111.14447; the released
 * code divides by a power of the norm): of each layer the keys, and the values, of all positions together,
 *   x ← x − stepSize · g / ‖g‖^normPower
 */
export interface ShiftStep {
  /** > 0 */
  stepSize: number;
  /** 1: every layer's keys, and its values, move by the same length; 0: by what the gradient says. */
  normPower: number;
}

/** Keeps a vanishing gradient from a division by 0, as the released code does. */
const LEAST_NORM = 1e-15;

/**
 * @param values [T, N, 2, D]: keys and values of N layers at T positions
 * @param gradient as `values`
 * @returns what they become
 */
export function shifted(
  values: Float32Array,
  gradient: Float32Array,
  { N, D }: { N: number; D: number },
  { stepSize, normPower }: ShiftStep,
): Float32Array<ArrayBuffer> {
  const groups = 2 * N;
  const groupOf = (i: number) => Math.floor(i / D) % groups;
  const squares = new Float64Array(groups);
  // Plain loops: of GPT-2 a position has 18,432 elements, and a callback for each takes several times as long.
  for (let i = 0; i < gradient.length; i++) squares[groupOf(i)]! += gradient[i]! * gradient[i]!;
  const scales = squares.map((square) => stepSize / (Math.sqrt(square) + LEAST_NORM) ** normPower);
  const moved = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++)
    moved[i] = values[i]! - scales[groupOf(i)]! * gradient[i]!;
  return moved;
}
