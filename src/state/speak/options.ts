/** What a text typed into a field of the decoding options makes of them. */
import { type DecodingOptions, type OptionName, optionRange } from '../../esper/decode/options';

export type OptionChange = { ok: true; options: DecodingOptions } | { ok: false; problem: string };

export function changeOption(
  options: DecodingOptions,
  name: OptionName,
  typed: string,
): OptionChange {
  const { low, high, whole } = optionRange(name);
  const value = Number(typed.trim() || Number.NaN);
  if (value >= low && value <= high && (!whole || Number.isInteger(value)))
    return { ok: true, options: { ...options, [name]: value } };
  return { ok: false, problem: `${whole ? 'A whole number' : 'A number'} from ${low} to ${high}` };
}
