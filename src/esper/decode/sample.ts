/** Greedy decoding and sampling, several texts side by side. */
import type { Random } from '../../math/random';
import { allowed, logSoftmax, type Rules, topTokens } from './distribution';
import type { Reader } from './reader';
import { above, drawInside, type Top } from './top';
import type { Limits, Written } from './written';

export interface Drawing extends Top {
  /** Divides the logits; > 0. */
  temperature: number;
}

/** Chooses a token by its log-probabilities [V], forbidden ones at −∞. */
export type Choose = (logp: Float64Array) => number;

export const mostLikely: Choose = (logp) => topTokens(logp, 1)[0] ?? 0;

/** @returns draws from log-probabilities taken at `temperature` */
export function drawer(drawing: Drawing, random: Random): Choose {
  return (logp) => drawInside(logp, drawing, (floor) => drawAbove(logp, floor, random));
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
