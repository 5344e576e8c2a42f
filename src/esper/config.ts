/**
 * Every setting of a run: one schema for the page's form, the address bar, exports and benchmarks.
 * `SETTINGS` describes each field for people; `parseConfig` is the only way to a `Config`.
 * Symbols follow the paper (arXiv 2205.12630) and its released trainer.
 */
import { z } from 'zod';
import { Fault } from '../faults';

export interface SettingText {
  label: string;
  /** Unit shown behind the value; empty for plain numbers. */
  unit: string;
  /** One plain sentence for the glossary and the tooltip. */
  help: string;
  group: 'run' | 'rollout' | 'reward' | 'update' | 'projector';
  /** Structural settings shape the GPU programs: locked while a run exists. */
  structural: boolean;
}

const setting = (
  group: SettingText['group'],
  label: string,
  unit: string,
  structural: boolean,
  help: string,
): SettingText => ({ group, label, unit, structural, help });

const whole = (low: number, high: number) => z.number().int().min(low).max(high);
const real = (low: number, high: number) => z.number().min(low).max(high);

const schema = z.strictObject({
  seed: whole(0, 2 ** 31 - 1).default(1),
  imagesPerBatch: whole(1, 256).default(8),
  samplesPerImage: whole(1, 64).default(8),
  trainingPictures: whole(8, 4096).default(512),
  checkpointEvery: whole(1, 1000).default(20),
  responseLength: whole(2, 40).default(12),
  minResponse: whole(0, 20).default(3),
  temperature: real(0.05, 4).default(0.8),
  noRepeatNgram: whole(0, 8).default(0),
  clipWeight: real(0, 100).default(1),
  klCoef: real(0, 10).default(0.02),
  fluencyWeight: real(0, 10).default(0),
  repetitionWeight: real(0, 10).default(0),
  advantage: z.enum(['rloo', 'gae']).default('rloo'),
  gamma: real(0, 1).default(1),
  lambda: real(0, 1).default(0.95),
  epochs: whole(1, 16).default(4),
  minibatches: whole(1, 64).default(4),
  clipRange: real(0.01, 1).default(0.2),
  valueClipRange: real(0.01, 10).default(0.2),
  valueCoef: real(0, 10).default(0.5),
  klLossCoef: real(0, 10).default(0),
  klLossThreshold: real(0, 10).default(0.1),
  entropyCoef: real(0, 1).default(0),
  learningRate: real(0, 1).default(5e-4),
  warmupUpdates: whole(0, 10_000).default(0),
  decayUpdates: whole(0, 1_000_000).default(0),
  weightDecay: real(0, 1).default(0.01),
  maxGradNorm: real(0.001, 1000).default(1),
  prefixLength: whole(1, 32).default(4),
});

export type Config = z.infer<typeof schema>;

export const SETTINGS: Readonly<Record<keyof Config, SettingText>> = {
  seed: setting(
    'run',
    'Seed',
    '',
    true,
    'The same seed on the same device gives the same run, bit for bit.',
  ),
  imagesPerBatch: setting(
    'run',
    'Pictures an update',
    'pictures',
    true,
    'How many different pictures one update looks at.',
  ),
  samplesPerImage: setting(
    'run',
    'Samples a picture',
    'samples',
    true,
    'How many captions are sampled for each picture; they are each other’s baseline (K).',
  ),
  trainingPictures: setting(
    'run',
    'Training pictures',
    'pictures',
    true,
    'How many pictures training draws from: so many generated scenes, or so many of your photos.',
  ),
  checkpointEvery: setting(
    'run',
    'Checkpoint every',
    'updates',
    false,
    'A checkpoint is stored in this browser after so many updates, and at every pause.',
  ),
  responseLength: setting(
    'rollout',
    'Response length',
    'tokens',
    true,
    'Longest caption that is sampled (T).',
  ),
  minResponse: setting(
    'rollout',
    'Shortest response',
    'tokens',
    true,
    'The text may not end before this many tokens; ending at once is a local optimum.',
  ),
  temperature: setting(
    'rollout',
    'Sampling temperature',
    '',
    false,
    'Logits are divided by this before sampling; log-probabilities are taken at 1.',
  ),
  noRepeatNgram: setting(
    'rollout',
    'No repeated n-gram',
    'tokens',
    true,
    'Tokens that would repeat an n-gram of this length are never sampled; 0 allows all.',
  ),
  clipWeight: setting(
    'reward',
    'CLIP weight',
    '',
    false,
    'Weight of the calibrated CLIP cosine, (cos − mean) / deviation of a first pass.',
  ),
  klCoef: setting(
    'reward',
    'KL coefficient β',
    '',
    false,
    'Penalty per token for leaving the text-only language model. Strong pins the policy to it, none lets it game CLIP.',
  ),
  fluencyWeight: setting(
    'reward',
    'Fluency weight',
    '',
    false,
    'Weight of the paper’s fluency term, from the text-only model’s log-probabilities.',
  ),
  repetitionWeight: setting(
    'reward',
    'Repetition weight',
    '',
    false,
    'Weight of the paper’s penalty on repeated tokens, pairs and triples.',
  ),
  advantage: setting(
    'update',
    'Advantage',
    '',
    true,
    'rloo: the other samples of the same picture are the baseline. gae: a value head is.',
  ),
  gamma: setting('update', 'Discount γ', '', false, 'Discount of later rewards in GAE.'),
  lambda: setting('update', 'GAE λ', '', false, 'Trade-off between bias and variance in GAE.'),
  epochs: setting('update', 'Epochs', 'passes', false, 'Passes over one batch of samples.'),
  minibatches: setting('update', 'Minibatches', 'parts', true, 'Optimiser steps in one pass.'),
  clipRange: setting(
    'update',
    'Clip range ε',
    '',
    false,
    'The probability ratio earns nothing beyond 1 ± ε.',
  ),
  valueClipRange: setting(
    'update',
    'Value clip range',
    '',
    false,
    'The value may move this far from its old estimate in one update.',
  ),
  valueCoef: setting('update', 'Value coefficient', '', false, 'Weight of the value loss.'),
  klLossCoef: setting(
    'update',
    'KL loss coefficient',
    '',
    true,
    'Weight of the full-vocabulary KL to the text-only model inside the loss.',
  ),
  klLossThreshold: setting(
    'update',
    'KL loss threshold',
    'nats',
    false,
    'KL of a token below this costs nothing in the KL loss.',
  ),
  entropyCoef: setting('update', 'Entropy coefficient', '', false, 'Weight of the entropy bonus.'),
  learningRate: setting('update', 'Learning rate', '', false, 'Step size of AdamW.'),
  warmupUpdates: setting(
    'update',
    'Warm-up',
    'updates',
    false,
    'The learning rate rises linearly over so many updates.',
  ),
  decayUpdates: setting(
    'update',
    'Decay over',
    'updates',
    false,
    'After warm-up the learning rate falls linearly to 0 over so many updates; 0 keeps it.',
  ),
  weightDecay: setting('update', 'Weight decay', '', false, 'Decoupled weight decay of AdamW.'),
  maxGradNorm: setting(
    'update',
    'Gradient norm limit',
    '',
    false,
    'A longer gradient is scaled down to this length.',
  ),
  prefixLength: setting(
    'projector',
    'Prefix length',
    'tokens',
    true,
    'How many prefix vectors the projector makes of one picture (P).',
  ),
};

export const DEFAULT_CONFIG: Config = schema.parse({});

/** The bounds of a numeric field, read off the schema; `undefined` for choices. */
export function settingRange(
  name: keyof Config,
): { low: number; high: number; whole: boolean } | undefined {
  const field = schema.shape[name].unwrap();
  if (!(field instanceof z.ZodNumber)) return undefined;
  return { low: field.minValue ?? 0, high: field.maxValue ?? 0, whole: field.isInt ?? false };
}

/** The choices of a field that is not a number; `undefined` for numbers. */
export function settingChoices(name: keyof Config): readonly string[] | undefined {
  const field = schema.shape[name].unwrap();
  return field instanceof z.ZodEnum ? field.options.map(String) : undefined;
}

/** Episodes (sampled captions) of one update. */
export const batchSize = (config: Config): number => config.imagesPerBatch * config.samplesPerImage;

/** Pictures captioned at once: at most the rows of a batch, whose passes they share. */
export const captionRows = (config: Config): number => Math.min(32, batchSize(config));

/**
 * Fills in defaults and checks ranges and combinations.
 * @throws Fault config, naming each problem
 */
export function parseConfig(input: unknown): Config {
  const result = schema.safeParse(input ?? {});
  const problems: string[] = [];
  if (!result.success) {
    for (const issue of result.error.issues)
      problems.push(`${issue.path.join('.') || 'settings'}: ${issue.message}`);
    throw new Fault({ kind: 'config', problems });
  }
  const config = result.data;
  const batch = batchSize(config);
  if (batch > 1024) problems.push(`pictures × samples is ${batch}, at most 1024`);
  if (batch % config.minibatches !== 0)
    problems.push(`${batch} episodes do not split into ${config.minibatches} equal minibatches`);
  if (config.minResponse >= config.responseLength)
    problems.push(
      `shortest response ${config.minResponse} must be below the response length ${config.responseLength}`,
    );
  if (config.advantage === 'rloo' && config.samplesPerImage < 2)
    problems.push('rloo needs at least 2 samples a picture; choose gae or more samples');
  if (problems.length > 0) throw new Fault({ kind: 'config', problems });
  return config;
}

/** Structural settings in which two configs differ: a run cannot go from one to the other. */
export function structuralDifferences(a: Config, b: Config): (keyof Config)[] {
  return (Object.keys(SETTINGS) as (keyof Config)[]).filter(
    (name) => SETTINGS[name].structural && a[name] !== b[name],
  );
}
