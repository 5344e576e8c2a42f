/**
 * The queries of a run: what stands between prefix and response. Those that training draws from have one length of
 * Q tokens, as they share the GPU's passes: shorter ones get more end-of-text tokens in front, which to GPT-2 are
 * empty texts before this one. Policy and text-only reference both read them so.
 */
import { Fault } from '../faults';
import type { Config } from './config';
import type { Networks } from './networks';

export interface Query {
  /** Token ids, the end of text in front. */
  tokens: readonly number[];
  /** The last of them that are text of the caption; a label has none. */
  spoken: readonly number[];
}

export interface Queries {
  /** Of Q tokens each. */
  choices: readonly Query[];
  /** Of each choice: how likely a picture's captions follow it. They add up to 1. */
  probabilities: readonly number[];
  /** What greedy captions, those that are shown and evaluated, follow; nothing is put in front of it. */
  shown: Query;
}

/** What queries are made of, besides the settings. */
export interface Wording {
  encode(text: string): number[];
  /** The label of the pair's own query, such as "caption:"; '' for none. */
  label: string;
  /** Labels of the styles that the language model was trained on, without a colon. */
  styles: readonly string[];
  /** Absent where the language model's repository brings none. */
  openingWords?: OpeningWords | undefined;
}

/** How sentences of a corpus begin: models/openings/count.ts. */
export interface OpeningWords {
  /** The label that the sentences follow; '' for none. */
  after: string;
  /** Word → share of the sentences that begin with it; rare words are left out. */
  words: Readonly<Record<string, number>>;
}

/** What of the networks queries depend on. */
type Speech = Pick<Networks, 'query' | 'spoken' | 'wording'> & {
  lm: Pick<Networks['lm'], 'config'>;
};

/** What the released trainer states as the frequency of its last entry, "The photo describes a". */
const PAIR_FREQUENCY = 0.02;

/**
 * Probabilities of opening words and, last, of the pair's own query (shared/esper.md, "query draw"). Meant is its
 * stated frequency; in the released code it takes what the multinomial leaves over.
 * @param frequencies of the words, which add up to at most 1
 */
export function openingProbabilities(
  frequencies: readonly number[],
  fidelity: Config['fidelity'],
): number[] {
  const total = frequencies.reduce((sum, frequency) => sum + frequency, 0);
  if (fidelity === 'released') return [...frequencies, Math.max(0, 1 - total)];
  const rest = (1 - PAIR_FREQUENCY) / total;
  return [...frequencies.map((frequency) => frequency * rest), PAIR_FREQUENCY];
}

/** "news, story:, news" → ["news", "story"] */
export function parseLabels(text: string): string[] {
  const labels = text.split(',').map((label) => label.trim().replace(/\s*:$/, ''));
  return [...new Set(labels.filter(Boolean))];
}

const queryOf = (label: string, beginning: string, { encode }: Wording, eos: number): Query => {
  const spoken = encode(label && beginning ? ` ${beginning}` : beginning);
  return { tokens: [eos, ...encode(label), ...spoken], spoken };
};

/** Makes all as long as the longest. */
function padded(queries: readonly Query[], eos: number): Query[] {
  const Q = Math.max(...queries.map(({ tokens }) => tokens.length));
  return queries.map(({ tokens, spoken }) => ({
    tokens: [...Array<number>(Q - tokens.length).fill(eos), ...tokens],
    spoken,
  }));
}

/**
 * A query for each of the language model's styles, or of the labels given.
 * @param labels separated by commas; '' for the language model's own
 * @throws Fault no-query where there are none
 */
export function styleQueries(
  { lm, wording }: Speech,
  labels: string,
): { label: string; query: Query }[] {
  const named = parseLabels(labels);
  const styles = named.length > 0 ? named : (wording?.styles ?? []);
  if (!wording || styles.length === 0)
    throw noQuery(
      'The language model names no styles: its repository has no styles.json. Labels are words such as “news, story”.',
    );
  const eos = lm.config.eos_token_id;
  return styles.map((label) => ({ label, query: queryOf(`${label}:`, '', wording, eos) }));
}

/** @throws Fault no-query where the language model does not bring what the settings ask for; config where it has no room */
export function queriesOf(networks: Speech, config: Config): Queries {
  const queries = chosen(networks, config);
  const choices = padded(queries.choices, networks.lm.config.eos_token_id);
  checkPositions(networks, config, choices[0]!.tokens.length);
  return { ...queries, choices };
}

/** As they are said, of any lengths. */
function chosen(networks: Speech, config: Config): Queries {
  const { lm, query, spoken = [], wording } = networks;
  const eos = lm.config.eos_token_id;
  const pair: Query = { tokens: query, spoken };
  if (config.query === 'pair') return only(pair);
  if (!wording) throw noQuery('Only the pair’s own query is known here.');
  switch (config.query) {
    case 'prompt': {
      const { prompt } = config;
      return only(
        prompt.endsWith(':')
          ? queryOf(prompt, '', wording, eos)
          : queryOf('', prompt, wording, eos),
      );
    }
    case 'opening-words':
      return openings(wording, config, pair, eos);
    case 'styles': {
      const choices = styleQueries(networks, config.styleLabels).map((style) => style.query);
      return { choices, probabilities: evenly(choices), shown: choices[0]! };
    }
  }
}

function openings(wording: Wording, config: Config, pair: Query, eos: number): Queries {
  const own = config.openingWords
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  if (own.length > 0) {
    const choices = own.map((word) => queryOf(wording.label, word, wording, eos));
    return { choices, probabilities: evenly(choices), shown: choices[0]! };
  }
  if (!wording.openingWords)
    throw noQuery(
      'The language model brings no list of opening words: its repository has no opening-words.json. They are words such as “A, The, Two”.',
    );
  const { after, words } = wording.openingWords;
  const choices = [...Object.keys(words).map((word) => queryOf(after, word, wording, eos)), pair];
  const probabilities = openingProbabilities(Object.values(words), config.fidelity);
  return { choices, probabilities, shown: pair };
}

const only = (query: Query): Queries => ({
  choices: [query],
  probabilities: [1],
  shown: query,
});

const evenly = (choices: readonly Query[]): number[] => choices.map(() => 1 / choices.length);

const noQuery = (problem: string) => new Fault({ kind: 'no-query', problem });

/** @throws Fault config where prefix, query (Q tokens) and response have no room */
export function checkPositions(
  { lm }: Speech,
  { prefixLength, responseLength }: Config,
  Q: number,
): void {
  const { n_positions: most } = lm.config;
  const longest = prefixLength + Q + responseLength;
  if (longest <= most) return;
  const problem = `prefix, query and response take ${longest} positions, the language model has ${most}`;
  throw new Fault({ kind: 'config', problems: [problem] });
}
