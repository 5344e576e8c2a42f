/**
 * From logits to what may come next: log-probabilities, and the tokens that the rules forbid. The rules are
 * those of training's sampler (gpu/kernels/sampling).
 */
export interface Rules {
  /** The end-of-text token, which may not come before `minResponse` others. */
  eos: number;
  minResponse: number;
  /** No n-gram of context and response may come twice; 0 allows all. */
  noRepeatNgram: number;
}

/** log p [V] of logits / temperature, in f64. */
export function logSoftmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  const scaled = Float64Array.from(logits, (logit) => logit / temperature);
  const peak = scaled.reduce((most, value) => Math.max(most, value), -Infinity);
  const total = scaled.reduce((sum, value) => sum + Math.exp(value - peak), 0);
  const normaliser = peak + Math.log(total);
  return scaled.map((value) => value - normaliser);
}

/**
 * Tokens that may not follow.
 * @param tokens context and response so far
 * @param length tokens of the response among them
 */
export function forbidden(tokens: readonly number[], length: number, rules: Rules): Set<number> {
  const { eos, minResponse, noRepeatNgram: n } = rules;
  const banned = new Set<number>(length < minResponse ? [eos] : []);
  if (n === 0) return banned;
  const tail = tokens.length - (n - 1);
  for (let start = 0; start + n <= tokens.length; start++) {
    let i = 0;
    while (i < n - 1 && tokens[start + i] === tokens[tail + i]) i++;
    if (i === n - 1) banned.add(tokens[start + n - 1]!);
  }
  return banned;
}

/** Logits with what the rules forbid at −∞; forbidding all of a vocabulary leaves all. */
export function allowed(
  logits: Float32Array,
  tokens: readonly number[],
  length: number,
  rules: Rules,
): Float32Array {
  const banned = forbidden(tokens, length, rules);
  if (banned.size >= logits.length) return logits;
  const kept = logits.slice();
  for (const token of banned) kept[token] = -Infinity;
  return kept;
}

/** The `count` tokens of the highest values, best first; equal ones in the order of their ids. */
export function topTokens(values: ArrayLike<number>, count: number): number[] {
  const best: number[] = [];
  for (let v = 0; v < values.length; v++) {
    if (best.length === count && !(values[v]! > values[best[count - 1]!]!)) continue;
    if (values[v] === -Infinity) continue;
    let at = best.length;
    while (at > 0 && values[v]! > values[best[at - 1]!]!) at--;
    best.splice(at, 0, v);
    if (best.length > count) best.pop();
  }
  return best;
}
