/**
 * The run in the address bar: the models, the seed and every setting that is not the default, so that a
 * link is the experiment.
 */
import { DEFAULT_CONFIG, SETTINGS, parseConfig, settingRange, type Config } from '../esper/config';
import { toFaultCause, type FaultCause } from '../faults';
import { BUNDLED_PAIR, pairSchema, type Pair } from '../esper/pair';

const NAMES = Object.keys(SETTINGS) as (keyof Config)[];
const PAIR_NAMES = Object.keys(BUNDLED_PAIR) as (keyof Pair)[];

/** Parameters of other names (a campaign tag, say) are none of ours and are left alone. */
export function readAddress(search: string): { config: Config; pair: Pair; fault?: FaultCause } {
  const parameters = new URLSearchParams(search);
  // A name that no repository can have is a mistyped link: the bundled world then.
  const { data: pair = BUNDLED_PAIR } = pairSchema.safeParse({
    ...BUNDLED_PAIR,
    ...Object.fromEntries(PAIR_NAMES.flatMap((name) => pairEntry(parameters, name))),
  });
  const given: Record<string, unknown> = {};
  for (const name of NAMES) {
    const text = parameters.get(name);
    if (text === null) continue;
    // An empty text is no number, though Number('') is 0.
    given[name] = settingRange(name) && text.trim() !== '' ? Number(text) : text;
  }
  try {
    return { config: parseConfig(given), pair };
  } catch (error) {
    return { config: DEFAULT_CONFIG, pair, fault: toFaultCause(error) };
  }
}

/** The query for a config, with the foreign parameters of the present one kept. */
export function writeAddress(config: Config, pair: Pair, search: string): string {
  const parameters = new URLSearchParams(search);
  for (const name of NAMES) {
    if (name === 'seed' || config[name] !== DEFAULT_CONFIG[name])
      parameters.set(name, String(config[name]));
    else parameters.delete(name);
  }
  for (const name of PAIR_NAMES)
    if (pair[name] === BUNDLED_PAIR[name]) parameters.delete(name);
    else parameters.set(name, pair[name]);
  return `?${parameters}`;
}

function pairEntry(parameters: URLSearchParams, name: keyof Pair): [string, string][] {
  const text = parameters.get(name);
  return text === null ? [] : [[name, text]];
}
