/** Settings that belong together, to begin a run with. */
import { type Config, DEFAULT_CONFIG, parseConfig } from '../esper/config';

export interface Recipe {
  name: string;
  about: string;
  settings: Partial<Config>;
}

/** ESPER's published settings, for GPT-2 and CLIP. */
const RELEASED: Partial<Config> = {
  fidelity: 'released',
  imagesPerBatch: 128,
  samplesPerImage: 1,
  responseLength: 20,
  minResponse: 20,
  temperature: 0.7,
  noRepeatNgram: 3,
  referenceUntil: 50,
  goalFrom: 50,
  policyFrom: 50,
  klCoef: 0.15,
  fluencyWeight: 1,
  repetitionWeight: 1,
  advantage: 'gae',
  whitening: 'minibatch',
  whitenRewards: 'yes',
  minibatches: 16,
  klLossCoef: 1,
  nllCoef: 0.2,
  valueCoef: 1,
  learningRate: 1e-5,
  warmupUpdates: 100,
  decayUpdates: 78_125,
  prefixLength: 10,
};

/** The same trainer where texts are short and a run takes minutes. */
export const RELEASED_SMALL: Recipe = {
  name: 'The released trainer, small',
  about:
    'The same oddities at the bundled world’s size: 64 short captions an update, a warm-up of 10 updates, a higher rate.',
  settings: {
    ...RELEASED,
    imagesPerBatch: 64,
    responseLength: DEFAULT_CONFIG.responseLength,
    minResponse: DEFAULT_CONFIG.minResponse,
    referenceUntil: 10,
    goalFrom: 10,
    policyFrom: 10,
    klCoef: 0.1,
    minibatches: 8,
    learningRate: 2e-4,
    warmupUpdates: 0,
    decayUpdates: 0,
  },
};

export const RECIPES: readonly Recipe[] = [
  {
    name: 'PPO alone',
    about: 'The default: from a random projector, with the other samples of a picture as baseline.',
    settings: {},
  },
  {
    name: 'Texts first, then PPO',
    about: 'Sixty updates of learning to write texts back from their own CLIP features.',
    settings: { warmStartUpdates: 60 },
  },
  {
    name: 'The released trainer',
    about:
      'ESPER’s published settings and its code’s oddities: 128 captions an update, a rate that falls over 78,125.',
    settings: RELEASED,
  },
  RELEASED_SMALL,
];

/** The recipe's settings, all others at their defaults but the seed. */
export const configOf = ({ settings }: Recipe, { seed }: Config): Config =>
  parseConfig({ ...DEFAULT_CONFIG, seed, ...settings });

/** The recipe that the config is, if it is one. */
export const recipeOf = (config: Config): Recipe | undefined =>
  RECIPES.find((recipe) => {
    const wanted = configOf(recipe, config);
    return (Object.keys(wanted) as (keyof Config)[]).every((name) => wanted[name] === config[name]);
  });
