/**
 * CLIP-guided decoding, ZeroCap (Tewel et al. 2022, arXiv 2111.14447; numbers of its released code). Before each
 * token the keys and values of all past positions, in every layer, are shifted by a few steps of gradient descent
 * on CLIP's loss and the divergence from what the model said unshifted, and the token is said from there. The next
 * one begins with the past as it was read. The model may see the picture through the projector besides, or not.
 */
import type { Networks } from '../networks';
import { bendingOf } from './bending';
import { allowed, logSoftmax, type Rules, topTokens } from './distribution';
import { guidance, type GuidanceWeights, preferenceOf } from './guidance';
import type { Seen } from './prefix';
import { createReader, type KeepingReader } from './reader';
import { shifted, type ShiftStep } from './shift';
import type { Limits, Written } from './written';

export interface Guiding extends Limits, GuidanceWeights, ShiftStep {
  rules: Rules;
  /** Gradient steps a token. */
  steps: number;
  /** Divides cosines in what CLIP prefers. */
  clipTemperature: number;
  /** Most likely tokens that CLIP scores, anew before every step. */
  candidates: number;
  /** Cosines of the picture and what the response would be, as token ids without the end of text. */
  cosines(responses: readonly (readonly number[])[]): Promise<number[]>;
  /** Told the loss before each step of a token. */
  watch?: (place: number, loss: number) => void;
}

/** The token is said by q^FUSION · q0^(1 − FUSION), of the shifted and the unshifted distribution. */
const FUSION = 0.99;

/** @param seen left out, the model does not see what CLIP does: ZeroCap itself */
export async function guidedDecoding(
  networks: Networks,
  seen: Seen | undefined,
  context: readonly number[],
  guiding: Guiding,
): Promise<Written> {
  const { rules, maxTokens, progress, signal } = guiding;
  const reader = await createReader(networks, seen, 1, context.length + maxTokens - 1);
  const text: Written = { tokens: [], logp: 0, length: 0, isEnded: false };
  try {
    while (text.length < maxTokens && !text.isEnded) {
      signal?.throwIfAborted();
      progress?.(text.length);
      const tokens = [...context, ...text.tokens];
      const [unshifted] = await reader.after([tokens]);
      const q0 = logSoftmax(unshifted!);
      const place = { tokens, response: text.tokens, unshifted: unshifted!, q0 };
      const q = logSoftmax(await guidedLogits(networks, reader, place, guiding));
      const fused = Float32Array.from(q, (value, v) => FUSION * value + (1 - FUSION) * q0[v]!);
      const token = topTokens(allowed(fused, tokens, text.length, rules), 1)[0]!;
      text.logp += q0[token]!;
      text.length++;
      if (token === rules.eos) text.isEnded = true;
      else text.tokens.push(token);
    }
  } finally {
    reader.destroy();
  }
  return text;
}

/** Where the next token is to be said. */
interface Place {
  /** Context and response so far. */
  tokens: readonly number[];
  response: readonly number[];
  /** Logits [V] of the model as it is, and their log-probabilities. */
  unshifted: Float32Array;
  q0: Float64Array;
}

/** Logits [V] after the past was shifted; where there is no past, as they were. */
async function guidedLogits(
  networks: Networks,
  reader: KeepingReader,
  { tokens, response, unshifted, q0 }: Place,
  guiding: Guiding,
): Promise<Float32Array> {
  const { rules, candidates, steps, watch } = guiding;
  const bending = steps > 0 ? await bendingOf(networks, reader, tokens) : undefined;
  if (!bending) return unshifted;
  const { n_layer: N, n_embd: D } = networks.lm.config;
  const cosinesOf = cosinesAfter(response, rules.eos, guiding);
  try {
    let { past } = bending;
    let logits = await bending.logitsOf(past);
    for (let step = 0; step < steps; step++) {
      guiding.signal?.throwIfAborted();
      const likely = topTokens(allowed(logits, tokens, response.length, rules), candidates);
      const preference = preferenceOf(likely, await cosinesOf(likely), guiding.clipTemperature);
      const { loss, gradient } = guidance(logits, q0, preference, guiding);
      watch?.(response.length, loss);
      past = shifted(past, await bending.gradientOf(gradient), { N, D }, guiding);
      logits = await bending.logitsOf(past);
    }
    return logits;
  } finally {
    bending.destroy();
  }
}

/** Cosines of what a response becomes with each of some tokens, each asked for once. */
function cosinesAfter(
  response: readonly number[],
  eos: number,
  { cosines }: Pick<Guiding, 'cosines'>,
): (tokens: readonly number[]) => Promise<number[]> {
  const known = new Map<number, number>();
  return async (tokens) => {
    const asked = tokens.filter((token) => !known.has(token));
    const found = await cosines(
      asked.map((token) => (token === eos ? [...response] : [...response, token])),
    );
    asked.forEach((token, i) => known.set(token, found[i]!));
    return tokens.map((token) => known.get(token)!);
  };
}
