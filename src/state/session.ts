/**
 * The session: the one status of the page, what the browser draws with, how far loading and training
 * are, and what went wrong. Everything a button may or may not do derives from here.
 */
import { createStore } from 'zustand/vanilla';
import type { Config } from '../esper/config';
import type { FaultCause } from '../faults';
import type { EncoderNews, Status, TrainerEvent } from '../worker/protocol';

export type Adapter = Omit<Extract<TrainerEvent, { kind: 'adapter' }>, 'kind'>;
export type Providers = Omit<Extract<TrainerEvent, { kind: 'providers' }>, 'kind'>;
export type Progress = Omit<Extract<TrainerEvent, { kind: 'progress' }>, 'kind'>;

/** A command whose answer is awaited. */
export type Busy = 'step' | 'pause' | 'reset' | 'export' | 'continue' | 'import';

export interface SessionState {
  status: Status;
  /** What exactly is going on, in the worker's words. */
  note: string | undefined;
  adapter: Adapter | undefined;
  providers: Providers | undefined;
  progress: Progress | undefined;
  /** What the encoder takes, once its files told. */
  encoder: EncoderNews | undefined;
  /** The person's own texts for a warm start. */
  texts: { name: string; count: number } | undefined;
  /** With status `failed` the causes, first one first; else mishaps that changed nothing. */
  faults: readonly FaultCause[];
  /** The config the run began with, once there is a run. */
  run: { config: Config; restored: boolean } | undefined;
  /** Updates done and captions sampled in this run. */
  update: number;
  episodes: number;
  busy: Busy | undefined;
  /** Good news, such as what was imported; shown until the next command. */
  message: string | undefined;
}

export const INITIAL_SESSION: SessionState = {
  status: 'checking',
  note: undefined,
  adapter: undefined,
  providers: undefined,
  progress: undefined,
  encoder: undefined,
  texts: undefined,
  faults: [],
  run: undefined,
  update: 0,
  episodes: 0,
  busy: undefined,
  message: undefined,
};

export const createSessionStore = () => createStore<SessionState>(() => INITIAL_SESSION);
export type SessionStore = ReturnType<typeof createSessionStore>;

/** The models are there: pictures can be captioned and a run can go on. */
export const isOpen = ({ status }: SessionState): boolean =>
  status === 'ready' || status === 'training' || status === 'paused';

/** Updates were made: the run's shape is fixed until it is reset. */
export const hasBegun = (session: SessionState): boolean =>
  isOpen(session) && (session.status === 'training' || session.update > 0);
