/** gelu_new in f64. */

const SLOPE = Math.sqrt(2 / Math.PI);

export function geluReference(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (v) => 0.5 * v * (1 + Math.tanh(SLOPE * (v + 0.044715 * v ** 3))));
}

export function geluBackwardReference(dout: ArrayLike<number>, x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (v, i) => {
    const t = Math.tanh(SLOPE * (v + 0.044715 * v ** 3));
    const slope = SLOPE * (1 + 3 * 0.044715 * v ** 2);
    return dout[i]! * (0.5 * (1 + t) + 0.5 * v * (1 - t * t) * slope);
  });
}
