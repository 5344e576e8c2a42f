/** How a person has a text written: the methods, what each can be set to, and the words for it. */
import * as z from 'zod/mini';
import { Fault } from '../../faults';
import { live, oneOf, real, type SettingText, whole } from '../settings/field';

export const METHODS = ['greedy', 'sample', 'beam', 'guided'] as const;
export type Method = (typeof METHODS)[number];

const FIELDS = {
  method: live(
    oneOf(METHODS).default('greedy'),
    'Method',
    '',
    'How the next token is chosen from what the language model expects.',
  ),
  samples: live(
    whole(1, 16).default(8),
    'Texts',
    'texts',
    'So many are sampled, and ranked by CLIP: best of N.',
  ),
  temperature: live(
    real(0.05, 4).default(0.8),
    'Temperature',
    '',
    'Logits are divided by this before sampling: low is sure, high is bold.',
  ),
  topK: live(
    whole(0, 100_000).default(0),
    'Top k',
    'tokens',
    'Only the k most likely tokens are sampled; 0 samples from all.',
  ),
  topP: live(
    real(0.01, 1).default(1),
    'Top p',
    '',
    'Only the most likely tokens that together have this probability are sampled; 1 samples from all.',
  ),
  seed: live(
    whole(0, 2 ** 31 - 1).default(1),
    'Seed',
    '',
    'The same seed samples the same texts from the same weights.',
  ),
  beams: live(
    whole(1, 16).default(4),
    'Beams',
    'texts',
    'How many beginnings are kept at every step.',
  ),
  lengthPenalty: live(
    real(0, 3).default(1),
    'Length penalty',
    '',
    'Texts are ranked by log-probability / length to this power: 0 favours short texts, above 1 long ones.',
  ),
  steps: live(
    whole(0, 20).default(5),
    'Steps a token',
    'steps',
    'Steps of gradient descent that shift the keys and values of all that was read, before each token.',
  ),
  stepSize: live(
    real(0.001, 2).default(0.3),
    'Step size',
    '',
    'A step moves the keys of a layer, and its values, by this times their gradient over its norm to the power below.',
  ),
  normPower: live(
    real(0, 1).default(0.9),
    'Norm power',
    '',
    '1: the keys and the values of every layer move by the same length; 0: by what the gradient says.',
  ),
  candidates: live(
    whole(2, 512).default(512),
    'Candidates',
    'tokens',
    'So many of the most likely tokens are scored by CLIP, each as the text it would make, before each step.',
  ),
  clipTemperature: live(
    real(0.001, 1).default(0.01),
    'CLIP temperature',
    '',
    'How sharply CLIP prefers: cosines are divided by this. ZeroCap takes 0.01 with OpenAI’s CLIP; the bundled one spreads its cosines wider.',
  ),
  clipWeight: live(
    real(0, 10).default(1),
    'CLIP weight',
    '',
    'Pull towards what CLIP prefers among the candidates.',
  ),
  fluencyWeight: live(
    real(0, 10).default(0.2),
    'Fluency weight',
    '',
    'Pull back to what the model expected before it was guided.',
  ),
  noRepeatNgram: live(
    whole(0, 8).default(0),
    'No repeated n-gram',
    'tokens',
    'Tokens that would repeat an n-gram of this length are never chosen; 0 allows all.',
  ),
  minResponse: live(
    whole(0, 20).default(3),
    'Shortest text',
    'tokens',
    'The text may not end before this many tokens.',
  ),
  maxTokens: live(
    whole(1, 100).default(16),
    'Longest text',
    'tokens',
    'A text that has not ended by then is cut off.',
  ),
};

type Fields = typeof FIELDS;
export type OptionName = Exclude<keyof Fields, 'method'>;
const schema = z.strictObject(
  Object.fromEntries(
    Object.entries(FIELDS).map(([name, { schema: field }]) => [name, field]),
  ) as unknown as { [Name in keyof Fields]: Fields[Name]['schema'] },
);

export type DecodingOptions = z.infer<typeof schema>;

export const DEFAULT_DECODING: DecodingOptions = schema.parse({});

const OF_ALL = ['maxTokens', 'minResponse', 'noRepeatNgram'] as const;
const OF_GUIDANCE = [
  'steps',
  'stepSize',
  'normPower',
  'candidates',
  'clipTemperature',
  'clipWeight',
  'fluencyWeight',
] as const;

/** What each method can be set to, in the order in which people read it. */
export const OPTIONS_OF: Readonly<Record<Method, readonly OptionName[]>> = {
  greedy: OF_ALL,
  sample: ['samples', 'temperature', 'topK', 'topP', 'seed', ...OF_ALL],
  beam: ['beams', 'lengthPenalty', ...OF_ALL],
  guided: [...OF_GUIDANCE, ...OF_ALL],
};

export const OPTION_TEXT: Readonly<Record<OptionName, SettingText>> = FIELDS;

export const optionRange = (name: OptionName) => FIELDS[name].range;

/** @throws Fault config, naming each problem */
export function parseDecoding(input: unknown): DecodingOptions {
  const result = schema.safeParse(input);
  const problems = (result.error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.') || 'decoding'}: ${message}`,
  );
  const options = result.data;
  if (options && options.minResponse >= options.maxTokens)
    problems.push(
      `the shortest text, ${options.minResponse} tokens, must be below the longest, ${options.maxTokens}`,
    );
  if (!options || problems.length > 0) throw new Fault({ kind: 'config', problems });
  return options;
}
