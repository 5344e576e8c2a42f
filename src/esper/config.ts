/**
 * Every setting of a run: one schema for the page's form, the address bar, exports and benchmarks.
 * The settings themselves are in settings/, a file a group; `parseConfig` is the only way to a `Config`.
 * Symbols follow the paper (arXiv 2205.12630) and its released trainer.
 */
import * as z from 'zod/mini';
import { Fault } from '../faults';
import { compileReward } from './reward-expression';
import type { Field, SettingText } from './settings/field';
import { PROJECTOR } from './settings/projector';
import { QUERY } from './settings/query';
import { REWARD } from './settings/reward';
import { ROLLOUT } from './settings/rollout';
import { RUN } from './settings/run';
import { UPDATE } from './settings/update';
import { WARM_START } from './settings/warm-start';

/** In the order in which people read them. */
const GROUPS = {
  run: RUN,
  query: QUERY,
  rollout: ROLLOUT,
  reward: REWARD,
  warmStart: WARM_START,
  update: UPDATE,
  projector: PROJECTOR,
} as const;
const FIELDS = { ...RUN, ...QUERY, ...ROLLOUT, ...REWARD, ...WARM_START, ...UPDATE, ...PROJECTOR };

export type SettingGroup = keyof typeof GROUPS;
type Fields = typeof FIELDS;
type Schemas = { [Name in keyof Fields]: Fields[Name]['schema'] };

const schema = z.strictObject(
  Object.fromEntries(
    Object.entries(FIELDS).map(([name, field]) => [name, field.schema]),
  ) as unknown as Schemas,
);

export type Config = z.infer<typeof schema>;

export const SETTINGS: Readonly<Record<keyof Config, Field & SettingText>> = FIELDS;

export const settingsOf = (group: SettingGroup): (keyof Config)[] =>
  Object.keys(GROUPS[group]) as (keyof Config)[];

export const DEFAULT_CONFIG: Config = schema.parse({});

/** The bounds of a numeric field; `undefined` for choices. */
export const settingRange = (name: keyof Config) => SETTINGS[name].range;

/** The choices of a field that has some; `undefined` for numbers and texts. */
export const settingChoices = (name: keyof Config) => SETTINGS[name].choices;

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
  if (config.minResponse > config.responseLength)
    problems.push(
      `shortest response ${config.minResponse} is over the response length ${config.responseLength}`,
    );
  const reward = config.rewardExpression && compileReward(config.rewardExpression);
  if (reward && !reward.ok) problems.push(`own reward: ${reward.problem}`);
  if (config.advantage !== 'gae' && config.samplesPerImage < 2)
    problems.push(
      `${config.advantage} needs at least 2 samples a picture; choose gae or more samples`,
    );
  if (
    config.whitenRewards === 'yes' &&
    !(config.advantage === 'gae' && config.whitening === 'minibatch')
  )
    problems.push('whitened rewards need gae, and whitening over the minibatch');
  if (problems.length > 0) throw new Fault({ kind: 'config', problems });
  return config;
}

/**
 * Structural settings in which two configs differ: a run cannot go from one to the other. What a config of an
 * earlier version lacks was as the default is.
 */
export function structuralDifferences(a: Config, b: Config): (keyof Config)[] {
  return (Object.keys(SETTINGS) as (keyof Config)[]).filter(
    (name) => SETTINGS[name].structural && valueOf(a, name) !== valueOf(b, name),
  );
}

const valueOf = (config: Partial<Config>, name: keyof Config) =>
  config[name] ?? DEFAULT_CONFIG[name];
