/**
 * The settings of a run in the address bar: the seed and every value that is not the default, so
 * that a link is the experiment.
 */
import { DEFAULT_CONFIG, SETTINGS, parseConfig, settingRange, type Config } from '../esper/config';
import { toFaultCause, type FaultCause } from '../faults';

const NAMES = Object.keys(SETTINGS) as (keyof Config)[];

/** Parameters of other names (a campaign tag, say) are none of ours and are left alone. */
export function readAddress(search: string): { config: Config; fault?: FaultCause } {
  const parameters = new URLSearchParams(search);
  const given: Record<string, unknown> = {};
  for (const name of NAMES) {
    const text = parameters.get(name);
    if (text === null) continue;
    // An empty text is no number, though Number('') is 0.
    given[name] = settingRange(name) && text.trim() !== '' ? Number(text) : text;
  }
  try {
    return { config: parseConfig(given) };
  } catch (error) {
    return { config: DEFAULT_CONFIG, fault: toFaultCause(error) };
  }
}

/** The query for a config, with the foreign parameters of the present one kept. */
export function writeAddress(config: Config, search: string): string {
  const parameters = new URLSearchParams(search);
  for (const name of NAMES) {
    if (name === 'seed' || config[name] !== DEFAULT_CONFIG[name])
      parameters.set(name, String(config[name]));
    else parameters.delete(name);
  }
  return `?${parameters}`;
}
