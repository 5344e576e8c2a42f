/** tanh in f64, and its gradient from the output y. */

export function tanhReference(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, Math.tanh);
}

export function tanhBackwardReference(dout: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  return Float64Array.from(y, (value, i) => dout[i]! * (1 - value * value));
}
