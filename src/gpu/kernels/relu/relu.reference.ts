/** max(x, 0) in f64, and its gradient from the output y. */

export function reluReference(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (value) => Math.max(value, 0));
}

export function reluBackwardReference(dout: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  return Float64Array.from(y, (value, i) => (value > 0 ? dout[i]! : 0));
}
