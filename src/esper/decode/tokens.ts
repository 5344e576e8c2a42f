/** How likely given texts are after a context: what answers are ranked by, and what each token's share is. */
import { logSoftmax, topTokens } from './distribution';
import type { Reader } from './reader';

export interface Likely {
  /** Σ log p of the tokens, without an end of text. */
  logp: number;
  /** The same a token: what texts of different lengths are compared by. */
  perToken: number;
}

export async function likelihoodOf(
  reader: Reader,
  context: readonly number[],
  tokens: readonly number[],
): Promise<Likely> {
  if (tokens.length === 0) return { logp: 0, perToken: 0 };
  const logits = await reader.along([...context, ...tokens.slice(0, -1)], context.length);
  const logp = tokens.reduce((sum, token, t) => sum + logSoftmax(logits[t]!)[token]!, 0);
  return { logp, perToken: logp / tokens.length };
}

export interface Option {
  token: number;
  /** 0..1, at temperature 1 without any rule. */
  probability: number;
}

export interface TokenLikelihood extends Option {
  /** The most likely tokens in its place, best first; the token itself may be one. */
  options: Option[];
}

/** Each token of a text, and what could have stood in its place. */
export async function tokensOf(
  reader: Reader,
  context: readonly number[],
  tokens: readonly number[],
  count: number,
): Promise<TokenLikelihood[]> {
  if (tokens.length === 0) return [];
  const logits = await reader.along([...context, ...tokens.slice(0, -1)], context.length);
  return tokens.map((token, t) => {
    const logp = logSoftmax(logits[t]!);
    const option = (one: number): Option => ({ token: one, probability: Math.exp(logp[one]!) });
    return { ...option(token), options: topTokens(logp, count).map(option) };
  });
}
