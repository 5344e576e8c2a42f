/**
 * Beam search: the texts of the highest Σ log p / length^lengthPenalty (length with the end of text) that a
 * search finds which keeps the best `beams` beginnings at every step. The log-probabilities are the model's own;
 * what the rules forbid is left out.
 */
import { allowed, logSoftmax, type Rules, topTokens } from './distribution';
import type { Reader } from './reader';
import type { Limits, Written } from './written';

export interface BeamSearch extends Limits {
  rules: Rules;
  /** ≥ 1 */
  beams: number;
  /** ≥ 0; 0 compares sums, 1 means, more favours long texts. */
  lengthPenalty: number;
}

/** What a text is ranked by; higher is better. */
export const beamScore = ({ logp, length }: Written, lengthPenalty: number): number =>
  logp / Math.max(1, length) ** lengthPenalty;

/** @returns at most `beams` texts, best first */
export async function beamSearch(
  reader: Reader,
  context: readonly number[],
  { rules, beams, lengthPenalty, maxTokens, progress, signal }: BeamSearch,
): Promise<Written[]> {
  const best = (texts: readonly Written[]) =>
    texts
      .toSorted((a, b) => beamScore(b, lengthPenalty) - beamScore(a, lengthPenalty))
      .slice(0, beams);
  let live: Written[] = [{ tokens: [], logp: 0, length: 0, isEnded: false }];
  let done: Written[] = [];
  for (let t = 0; t < maxTokens && live.length > 0; t++) {
    signal?.throwIfAborted();
    progress?.(t);
    const read = live.map(({ tokens }) => [...context, ...tokens]);
    const logits = await reader.after(read);
    const grown = live.flatMap((beam, row) => {
      const logp = logSoftmax(logits[row]!);
      const kept = allowed(logits[row]!, read[row]!, t, rules);
      // One of a beam's best may be its end, which takes no place among the live ones.
      return topTokens(kept, beams + 1).map((token) => grow(beam, token, logp[token]!, rules.eos));
    });
    done = best([...done, ...grown.filter(({ isEnded }) => isEnded)]);
    live = grown
      .filter(({ isEnded }) => !isEnded)
      .toSorted((a, b) => b.logp - a.logp)
      .slice(0, beams);
    // The sum only falls; at best it stays as it is until the longest text.
    const reachable = Math.max(...live.map(({ logp }) => logp)) / maxTokens ** lengthPenalty;
    if (done.length === beams && beamScore(done.at(-1)!, lengthPenalty) >= reachable) live = [];
  }
  return best([...done, ...live]);
}

function grow(beam: Written, token: number, logp: number, eos: number): Written {
  const isEnded = token === eos;
  return {
    tokens: isEnded ? beam.tokens : [...beam.tokens, token],
    logp: beam.logp + logp,
    length: beam.length + 1,
    isEnded,
  };
}
