/**
 * CLIP-guided decoding in the manner of ZeroCap (Tewel et al. 2022, arXiv 2111.14447). Before each token CLIP
 * scores the candidates, a few gradient steps bend the context towards what it prefers, and the model says
 * the next token from there. ZeroCap bends the keys and values of all past positions; here it is the prefix,
 * to which the backward pass of training leads: its vectors, and through them the keys and values that are
 * made of them, or, of a deep prefix, its keys and values in every layer themselves.
 */
import { Clear, Copy } from '../../gpu/kernel';
import { logitsBackward, logitsForward } from '../../gpu/kernels/lm-head/logits';
import { Readback } from '../../gpu/readback';
import { Tensor } from '../../gpu/tensor';
import type { Networks } from '../networks';
import { allowed, logSoftmax, type Rules, topTokens } from './distribution';
import { guidance, type GuidanceWeights, preferenceOf } from './guidance';
import { prefixOf, type Seen } from './prefix';
import type { Limits, Written } from './written';

export interface Guiding extends Limits, GuidanceWeights {
  rules: Rules;
  /** Gradient steps a token. */
  steps: number;
  /** Length of a step, in lengths of the prefix. */
  stepSize: number;
  /** Divides cosines in what CLIP prefers. */
  clipTemperature: number;
  /** Most likely tokens that CLIP scores. */
  candidates: number;
  /** Cosines of the picture and what the response would be, as token ids without the end of text. */
  cosines(responses: readonly (readonly number[])[]): Promise<number[]>;
}

export async function guidedDecoding(
  networks: Networks,
  seen: Seen,
  context: readonly number[],
  guiding: Guiding,
): Promise<Written> {
  const { rules, maxTokens, progress, signal, candidates, cosines } = guiding;
  const bending = await createBending(networks, seen, context.length + maxTokens - 1);
  const text: Written = { tokens: [], logp: 0, length: 0, isEnded: false };
  try {
    while (text.length < maxTokens && !text.isEnded) {
      signal?.throwIfAborted();
      progress?.(text.length);
      const tokens = [...context, ...text.tokens];
      const unbent = await bending.start(tokens);
      const unguided = logSoftmax(unbent);
      const likely = topTokens(allowed(unbent, tokens, text.length, rules), candidates);
      const responses = likely.map((token) =>
        token === rules.eos ? text.tokens : [...text.tokens, token],
      );
      const preference = preferenceOf(likely, await cosines(responses), guiding.clipTemperature);
      let logits = unbent;
      for (let step = 0; step < guiding.steps; step++) {
        const { gradient } = guidance(logits, unguided, preference, guiding);
        logits = await bending.step(gradient, guiding.stepSize);
      }
      const token = topTokens(allowed(logits, tokens, text.length, rules), 1)[0]!;
      text.logp += unguided[token]!;
      text.length++;
      if (token === rules.eos) text.isEnded = true;
      else text.tokens.push(token);
    }
  } finally {
    bending.destroy();
  }
  return text;
}

/** The prefix of one picture, bent step by step. */
interface Bending {
  /** Logits [V] after `tokens` with the prefix as the projector made it. */
  start(tokens: readonly number[]): Promise<Float32Array>;
  /** Moves the prefix against the gradient at the logits [V]; logits [V] from there. */
  step(gradient: Float32Array, size: number): Promise<Float32Array>;
  destroy(): void;
}

/** Of GPT-2's deep prefix there are 184,320 elements, more than a call takes as arguments. */
const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** @param S tokens that the context grows to */
async function createBending(networks: Networks, seen: Seen, S: number): Promise<Bending> {
  const { runner, lm } = networks;
  const { gpu } = runner;
  const { n_embd: D, vocab_size: V, eos_token_id: eos } = lm.config;
  const picture = await prefixOf(networks, seen, 1);
  const made = (await picture.prefix.read()) as Float32Array;
  const P = picture.prefix.shape[1]!;
  picture.destroy();
  const length = norm(made);
  const deep = seen.projector.shape.kind === 'deep';
  const gpt2 = await networks.differentiate({ B: 1, P, S, deep });
  const state = new Tensor(gpu, 'guided state', [1, D]);
  const logits = new Tensor(gpu, 'guided logits', [1, V]);
  const head = { states: state, head: lm.weights.head, logits };
  const [forward, backward] = await Promise.all([
    logitsForward(runner, head),
    logitsBackward(runner, head),
  ]);
  const readLogits = new Readback(gpu, 'guided logits', [logits]);
  const readGradient = new Readback(gpu, 'gradient of the prefix', [gpt2.dPrefix]);
  let prefix = made.slice();
  /** First element of the last state. */
  let last = 0;

  const read = async () => {
    gpt2.prefix.write(prefix);
    const toState = new Copy(gpt2.hidden, state, { from: last, to: 0, count: D });
    runner.submit('guided forward', [...gpt2.forward, toState, ...forward.steps]);
    return (await readLogits.read())[0]!;
  };

  return {
    start(tokens) {
      const ids = new Uint32Array(S).fill(eos);
      ids.set(tokens);
      gpt2.tokens.write(ids);
      prefix = made.slice();
      last = (P + tokens.length - 1) * D;
      return read();
    },
    async step(gradient, size) {
      logits.write(gradient);
      const fromState = new Copy(state, gpt2.dHidden, { from: 0, to: last, count: D });
      runner.submit('guided backward', [
        ...backward.steps,
        new Clear(gpt2.dHidden),
        fromState,
        ...gpt2.backward,
      ]);
      const [slope] = await readGradient.read();
      const scale = (size * length) / Math.max(norm(slope!), 1e-12);
      prefix = prefix.map((value, i) => value - scale * slope![i]!);
      return read();
    },
    destroy() {
      forward.destroy();
      backward.destroy();
      readLogits.destroy();
      readGradient.destroy();
      gpt2.destroy();
      for (const tensor of [state, logits]) tensor.destroy();
    },
  };
}
