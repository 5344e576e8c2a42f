/**
 * Greedy decoding and sampling, several texts side by side. As in training's sampler, a token drawn outside
 * of the top k or p is drawn again among what is more likely, so that nothing is sorted.
 */
import type { Random } from '../../math/random';
import { allowed, logSoftmax, type Rules, topTokens } from './distribution';
import type { Reader } from './reader';
import type { Limits, Written } from './written';

export interface Drawing {
  /** Divides the logits; > 0. */
  temperature: number;
  /** Only the k most likely tokens; 0 for all. */
  topK: number;
  /** Only the most likely tokens that together have this probability; 1 for all. */
  topP: number;
}

/** Chooses a token by its log-probabilities [V], forbidden ones at −∞. */
export type Choose = (logp: Float64Array) => number;

export const mostLikely: Choose = (logp) => topTokens(logp, 1)[0] ?? 0;

/** @returns draws from log-probabilities taken at `temperature` */
export function drawer({ topK, topP }: Drawing, random: Random): Choose {
  return (logp) => {
    let floor = -Infinity;
    for (;;) {
      const token = drawAbove(logp, floor, random);
      const better = above(logp, logp[token]!);
      const isOutside = (topK > 0 && better.count >= topK) || (topP < 1 && better.mass >= topP);
      if (better.count === 0 || !isOutside) return token;
      floor = logp[token]!;
    }
  };
}

/** How many tokens are above, and their probability. */
function above(logp: Float64Array, floor: number): { count: number; mass: number } {
  let [count, mass] = [0, 0];
  for (const value of logp)
    if (value > floor) {
      count++;
      mass += Math.exp(value);
    }
  return { count, mass };
}

function drawAbove(logp: Float64Array, floor: number, random: Random): number {
  let left = random.uniform() * above(logp, floor).mass;
  let last = 0;
  for (const [token, value] of logp.entries()) {
    if (value <= floor) continue;
    last = token;
    left -= Math.exp(value);
    if (left < 0) break;
  }
  return last;
}

export interface Continuing extends Limits {
  rules: Rules;
  temperature: number;
  choose: Choose;
  /** Tokens of the response that the contexts end with; 0 where left out. They count for the limits. */
  begun?: number;
}

/** Goes on from each context until its end of text or `maxTokens`; the texts are what is added. */
export async function continueEach(
  reader: Reader,
  contexts: readonly (readonly number[])[],
  { rules, temperature, choose, begun = 0, maxTokens, progress, signal }: Continuing,
): Promise<Written[]> {
  const texts = contexts.map((): Written => ({ tokens: [], logp: 0, length: 0, isEnded: false }));
  for (let t = begun; t < maxTokens; t++) {
    signal?.throwIfAborted();
    progress?.(t);
    const going = texts.flatMap(({ isEnded }, row) => (isEnded ? [] : [row]));
    if (going.length === 0) break;
    const read = going.map((row) => [...contexts[row]!, ...texts[row]!.tokens]);
    const logits = await reader.after(read);
    going.forEach((row, i) => {
      const text = texts[row]!;
      const kept = allowed(logits[i]!, read[i]!, t, rules);
      const token = choose(logSoftmax(kept, temperature));
      text.logp += logSoftmax(logits[i]!)[token]!;
      text.length++;
      if (token === rules.eos) text.isEnded = true;
      else text.tokens.push(token);
    });
  }
  return texts;
}
