/** One setting: its bounds and default for the machine, its words for people. */
import { z } from 'zod';

export interface SettingText {
  label: string;
  /** Unit shown behind the value; empty for plain numbers. */
  unit: string;
  /** One plain sentence for the glossary and the tooltip. */
  help: string;
  /** Structural settings shape the GPU programs: locked while a run exists. */
  structural: boolean;
}

export interface Setting<S extends z.ZodType> extends SettingText {
  schema: S;
}

const setting =
  (isStructural: boolean) =>
  <S extends z.ZodType>(schema: S, label: string, unit: string, help: string): Setting<S> => ({
    schema,
    label,
    unit,
    help,
    structural: isStructural,
  });

/** Takes effect with the next update. */
export const live = setting(false);
/** Locked while a run exists. */
export const structural = setting(true);

export const whole = (low: number, high: number) => z.number().int().min(low).max(high);
export const real = (low: number, high: number) => z.number().min(low).max(high);

/** The bounds of a numeric field, read off its schema; `undefined` for choices. */
export function rangeOf(
  schema: z.ZodDefault<z.ZodType>,
): { low: number; high: number; whole: boolean } | undefined {
  const field = schema.unwrap();
  if (!(field instanceof z.ZodNumber)) return undefined;
  return { low: field.minValue ?? 0, high: field.maxValue ?? 0, whole: field.isInt ?? false };
}
