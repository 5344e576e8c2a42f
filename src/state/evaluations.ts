/** Held-out accuracy over the run: every evaluation the worker sent, oldest first. */
import { createStore } from 'zustand/vanilla';
import type { Evaluation, SceneEvaluation } from '../worker/protocol';

export interface EvaluationsState {
  history: readonly Evaluation[];
}

export const createEvaluationsStore = () => createStore<EvaluationsState>(() => ({ history: [] }));
export type EvaluationsStore = ReturnType<typeof createEvaluationsStore>;

export function appendEvaluation(store: EvaluationsStore, evaluation: Evaluation): void {
  store.setState(({ history }) => ({ history: [...history, evaluation] }));
}

export function clearEvaluations(store: EvaluationsStore): void {
  store.setState({ history: [] });
}

/** The last word on scenes, if the last evaluation was of scenes. */
export function latestOfScenes({ history }: EvaluationsState): SceneEvaluation | undefined {
  const latest = history.at(-1);
  return latest?.of === 'scenes' ? latest : undefined;
}
