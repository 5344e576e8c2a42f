/**
 * The config as the person set it: always valid, mirrored in the address bar. Which fields may be
 * changed now, and why not, derives from the session.
 */
import { createStore } from 'zustand/vanilla';
import {
  DEFAULT_CONFIG,
  SETTINGS,
  parseConfig,
  settingChoices,
  settingRange,
  type Config,
} from '../esper/config';
import { toFaultCause } from '../faults';
import type { ProjectorSize } from '../worker/protocol';
import { hasBegun, isOpen, type SessionState } from './session';

export type SettingName = keyof Config;

export interface SettingsState {
  config: Config;
  /** What each kind of projector would take with this config, once it was asked for. */
  sizes: readonly ProjectorSize[] | undefined;
}

export const createSettingsStore = (config: Config = DEFAULT_CONFIG) =>
  createStore<SettingsState>(() => ({ config, sizes: undefined }));
export type SettingsStore = ReturnType<typeof createSettingsStore>;

/** Why a field cannot be changed at present; `undefined` when it can. */
export function lockOf(session: SessionState, name: SettingName): string | undefined {
  if (session.status === 'failed') return undefined;
  if (!isOpen(session)) return 'Can be changed once the models are loaded.';
  if (SETTINGS[name].structural && hasBegun(session))
    return 'Fixed while a run exists, because it shapes the GPU programs. Reset to change it.';
  return undefined;
}

export type Change = { ok: true; config: Config } | { ok: false; problem: string };

/** What a text typed into one field would make of the config, or what is wrong with it. */
export function changeSetting(config: Config, name: SettingName, text: string): Change {
  const range = settingRange(name);
  const value = range ? Number(text.trim() || Number.NaN) : text;
  if (range && !isWithin(Number(value), range))
    return {
      ok: false,
      problem: `${range.whole ? 'A whole number' : 'A number'} from ${range.low} to ${range.high}`,
    };
  const choices = settingChoices(name);
  if (choices && !choices.includes(text))
    return { ok: false, problem: `One of ${choices.join(', ')}` };
  try {
    return { ok: true, config: parseConfig({ ...config, [name]: value }) };
  } catch (error) {
    const fault = toFaultCause(error);
    return {
      ok: false,
      problem: fault.kind === 'config' ? fault.problems.join('; ') : 'Not possible',
    };
  }
}

const isWithin = (value: number, range: { low: number; high: number; whole: boolean }): boolean =>
  value >= range.low && value <= range.high && (!range.whole || Number.isInteger(value));

/** Whether two configs describe the same GPU programs. */
export const isSameShape = (a: Config, b: Config): boolean =>
  (Object.keys(SETTINGS) as SettingName[]).every(
    (name) => !SETTINGS[name].structural || a[name] === b[name],
  );
