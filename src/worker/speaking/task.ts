/** One piece of work of speaking, and what it takes from the networks: prompts, names, rules, reads. */
import { DOCUMENT, promptOf, TRANSCRIPT, type Turn } from '../../esper/decode/conversation';
import type { Rules } from '../../esper/decode/distribution';
import type { DecodingOptions } from '../../esper/decode/options';
import type { Seen } from '../../esper/decode/prefix';
import { createReader, type Reader } from '../../esper/decode/reader';
import { mostLikely } from '../../esper/decode/sample';
import { isBundled, type Pair } from '../../esper/pair';
import type { Trainer } from '../../esper/trainer';
import { Fault } from '../../faults';
import { END_OF_TEXT } from '../../worlds/documents';
import type { Models } from '../models';

/** What speaking works with, which a reset replaces. */
export interface Voice {
  pair: Pair;
  models: Models;
  trainer: Trainer;
  /** Raw features [E] of a picture on the page. */
  featuresOf(id: string): Float32Array | undefined;
}

/** One piece of work. */
export interface Task extends Voice {
  signal: AbortSignal;
  /** Of the subject's picture; undefined where it has none. */
  features: Float32Array | undefined;
  /** What the model sees; undefined for the text-only model. */
  seen: Seen | undefined;
}

export const rulesOf = (
  { models }: Task,
  { minResponse, noRepeatNgram }: DecodingOptions,
): Rules => ({
  eos: models.networks.lm.config.eos_token_id,
  minResponse,
  noRepeatNgram,
});

export const limitsOf = (task: Task, options: DecodingOptions) => ({
  rules: rulesOf(task, options),
  maxTokens: options.maxTokens,
  signal: task.signal,
});

export const greedily = (task: Task, options: DecodingOptions) => ({
  ...limitsOf(task, options),
  temperature: 1,
  choose: mostLikely,
});

/** Without the end of text before it. */
export const ownPrompt = ({ tokenizer, networks }: Models): string =>
  tokenizer.decode(networks.query);

export const contextOf = ({ models }: Task, prompt: string): number[] =>
  prompt === ownPrompt(models)
    ? [...models.networks.query]
    : models.tokenizer.encode(END_OF_TEXT + prompt);

/** What CLIP and the person read: with what the prompt adds to the run's own. */
export function textOf({ models }: Task, prompt: string, tokens: readonly number[]): string {
  const own = ownPrompt(models);
  const begun = prompt.startsWith(own) ? prompt.slice(own.length) : '';
  return (begun + models.tokenizer.decode(tokens)).trim();
}

/** A token as it stands in a text; the end of text has no letters of its own. */
export const nameOf = ({ models }: Task, token: number): string =>
  token === models.networks.lm.config.eos_token_id ? END_OF_TEXT : models.tokenizer.decode([token]);

export async function reading<T>(
  { models, seen }: Task,
  rows: number,
  work: (reader: Reader) => Promise<T>,
): Promise<T> {
  const reader = await createReader(models.networks, seen, rows);
  try {
    return await work(reader);
  } finally {
    reader.destroy();
  }
}

/** Tokens that the model reads at once, beside the prefix. */
const roomOf = ({ models, trainer, seen }: Task): number =>
  models.networks.lm.config.n_positions - (seen ? trainer.projector.shape.P : 0);

/** @throws Fault too-long where a prompt and a text of so many tokens do not fit */
export function expectRoom(task: Task, tokens: number): void {
  const room = roomOf(task);
  const what = 'The prompt with the longest text';
  if (tokens > room) throw new Fault({ kind: 'too-long', what, tokens, room });
}

/** @throws Fault too-long where not even the question leaves room for the answer */
export function asked(task: Task, turns: readonly Turn[], question: string, answerTokens: number) {
  const form = isBundled(task.pair) ? DOCUMENT : TRANSCRIPT;
  const { encode } = task.models.tokenizer;
  const room = Math.max(0, roomOf(task) - answerTokens);
  const prompt = promptOf(turns, question, form, encode, room);
  if (prompt) return { form, ...prompt };
  const { tokens } = promptOf([], question, form, encode, Infinity)!;
  throw new Fault({ kind: 'too-long', what: 'The question', tokens: tokens.length, room });
}
