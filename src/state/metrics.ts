/**
 * The curves of the run: ring buffers outside React, and a store that says when they grew.
 * Charts `subscribe` to the store and draw at most once a frame; components read `latest`.
 */
import { createStore } from 'zustand/vanilla';
import { METRICS, type MetricName, type Metrics } from '../worker/protocol';
import { Ring } from './ring';

/** 8192 updates × 25 columns × 2 × 8 bytes = 3.3 MB. */
const KEPT_UPDATES = 8192;

export type CurveColumn = MetricName | 'update' | 'episodes';
export type Curves = Ring<CurveColumn>;

export interface MetricsState {
  /** The same object for the life of the store; `revision` changes when it does. */
  curves: Curves;
  /** Appends and clears so far. */
  revision: number;
  latest: Metrics | undefined;
}

export const createMetricsStore = (capacity = KEPT_UPDATES) =>
  createStore<MetricsState>(() => ({
    curves: new Ring<CurveColumn>([...METRICS, 'update', 'episodes'], capacity),
    revision: 0,
    latest: undefined,
  }));
export type MetricsStore = ReturnType<typeof createMetricsStore>;

export function appendMetrics(store: MetricsStore, metrics: Metrics): void {
  const { curves, revision } = store.getState();
  curves.append({ ...metrics.values, update: metrics.update, episodes: metrics.episodes });
  store.setState({ revision: revision + 1, latest: metrics });
}

export function clearMetrics(store: MetricsStore): void {
  const { curves, revision } = store.getState();
  curves.clear();
  store.setState({ revision: revision + 1, latest: undefined });
}
