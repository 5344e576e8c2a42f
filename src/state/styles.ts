/** One picture in all styles: what was asked for, what came of it. A fault here never touches the run. */
import { createStore } from 'zustand/vanilla';
import type { FaultCause } from '../faults';
import type { InStyles, StylesApi } from '../worker/protocol';

export interface StylesState {
  /** As typed, separated by commas; '' for the run's, or the language model's own. */
  labels: string;
  isWriting: boolean;
  written: InStyles | undefined;
  fault: FaultCause | undefined;
}

const EMPTY: StylesState = { labels: '', isWriting: false, written: undefined, fault: undefined };

export const createStylesStore = () => createStore<StylesState>(() => EMPTY);
export type StylesStore = ReturnType<typeof createStylesStore>;

/** Forgets what was written, as a new run speaks differently; the labels typed stay. */
export const clearStyles = (store: StylesStore): void =>
  store.setState(({ labels }) => ({ ...EMPTY, labels }));

export interface StylesCommands {
  type(labels: string): void;
  /** Captions the picture in all styles. */
  write(id: string): Promise<void>;
}

/** @param styles undefined while no models are there */
export function createStylesCommands(
  store: StylesStore,
  styles: () => StylesApi | undefined,
): StylesCommands {
  let latest = 0;
  return {
    type: (labels) => store.setState({ labels }),
    async write(id) {
      const api = styles();
      const { isWriting, labels, written } = store.getState();
      if (!api || isWriting) return;
      const mine = ++latest;
      const kept = written?.id === id ? written : undefined;
      store.setState({ isWriting: true, written: kept, fault: undefined });
      const result = await api.write(id, labels);
      // A new run, or another worker, has begun: this is of the one before.
      if (mine !== latest || !store.getState().isWriting) return;
      store.setState(
        result.ok
          ? { isWriting: false, written: result.value }
          : { isWriting: false, fault: result.fault },
      );
    },
  };
}
