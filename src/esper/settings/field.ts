/**
 * One setting: its schema, bounds and default for the machine, its words for people. The schemas are those of
 * zod/mini, a third of zod: they are in what the first paint waits for.
 */
import * as z from 'zod/mini';

// Without a locale zod/mini says no more than that an input is invalid.
z.config(z.locales.en());

export interface SettingText {
  label: string;
  /** Unit shown behind the value; empty for plain numbers. */
  unit: string;
  /** One plain sentence for the glossary and the tooltip. */
  help: string;
  /** Structural settings shape the GPU programs: locked while a run exists. */
  structural: boolean;
}

export interface Range {
  low: number;
  high: number;
  whole: boolean;
}

/** What a setting may be: of a number its range, of a choice the choices, of a text neither. */
export interface Field {
  schema: z.ZodMiniType;
  range?: Range;
  choices?: readonly string[];
}

const setting =
  (isStructural: boolean) =>
  <Kind extends Field>(
    field: Kind,
    label: string,
    unit: string,
    help: string,
  ): Kind & SettingText => ({ ...field, label, unit, help, structural: isStructural });

/** Takes effect with the next update. */
export const live = setting(false);
/** Locked while a run exists. */
export const structural = setting(true);

function numberIn(range: Range) {
  const { low, high } = range;
  const number = z.number().check(z.gte(low), z.lte(high));
  const schema = range.whole ? number.check(z.int()) : number;
  return { default: (value: number) => ({ schema: z.prefault(schema, value), range }) };
}

export const whole = (low: number, high: number) => numberIn({ low, high, whole: true });
export const real = (low: number, high: number) => numberIn({ low, high, whole: false });

export function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  const schema = z.enum(choices);
  return { default: (value: Choice) => ({ schema: z.prefault(schema, value), choices }) };
}

/** A line of text, without the blanks round it. */
export function text(longest: number, { mayBeEmpty = true } = {}) {
  const trimmed = z
    .string()
    .check(z.trim(), z.maxLength(longest, `has more than ${longest} characters`));
  const schema = mayBeEmpty ? trimmed : trimmed.check(z.minLength(1, 'is empty'));
  return { default: (value: string) => ({ schema: z.prefault(schema, value) }) };
}
