/** Reads a part of a store in a component, and renders again when that part changes. */
import { useSyncExternalStore } from 'react';

export interface ReadableStore<State> {
  getState(): State;
  subscribe(listener: () => void): () => void;
}

/** `select` returns a value of the state itself or a primitive, never a new object. */
export function useStore<State, Part>(
  store: ReadableStore<State>,
  select: (state: State) => Part,
): Part {
  return useSyncExternalStore(store.subscribe, () => select(store.getState()));
}
