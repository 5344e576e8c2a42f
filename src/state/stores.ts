/** The stores of the page, together, and how the trainer's events change them. */
import type { Config } from '../esper/config';
import type { FaultCause } from '../faults';
import type { Pair } from '../esper/pair';
import type { TrainerEvent } from '../worker/protocol';
import {
  appendEvaluation,
  clearEvaluations,
  createEvaluationsStore,
  type EvaluationsStore,
} from './evaluations';
import { createEvaluateStore, type EvaluateStore } from './evaluate/evaluate';
import { appendMetrics, clearMetrics, createMetricsStore, type MetricsStore } from './metrics';
import { createModelsStore, type ModelsStore } from './models';
import { addThumbnails, createPhotosStore, type PhotosStore } from './photos';
import {
  createPicturesStore,
  mergeRows,
  setSound,
  setThumbnail,
  type PicturesStore,
} from './pictures';
import { createSessionStore, type SessionStore } from './session';
import { createSettingsStore, type SettingsStore } from './settings';
import { createSpeakStore, type SpeakStore } from './speak/speak';
import { clearStyles, createStylesStore, type StylesStore } from './styles';

export interface Stores {
  session: SessionStore;
  settings: SettingsStore;
  metrics: MetricsStore;
  pictures: PicturesStore;
  photos: PhotosStore;
  evaluations: EvaluationsStore;
  evaluate: EvaluateStore;
  styles: StylesStore;
  models: ModelsStore;
  speak: SpeakStore;
}

export const createStores = (config?: Config, pair?: Pair): Stores => ({
  session: createSessionStore(),
  settings: createSettingsStore(config),
  metrics: createMetricsStore(),
  pictures: createPicturesStore(),
  photos: createPhotosStore(),
  evaluations: createEvaluationsStore(),
  evaluate: createEvaluateStore(),
  styles: createStylesStore(),
  models: createModelsStore(pair),
  speak: createSpeakStore(),
});

/** Adds causes that are not shown yet: one failure is often told twice, as event and as answer. */
export function reportFaults({ session }: Stores, causes: readonly FaultCause[]): void {
  const { faults } = session.getState();
  const shown = new Set(faults.map((fault) => JSON.stringify(fault)));
  const fresh = causes.filter((cause) => !shown.has(JSON.stringify(cause)));
  if (fresh.length > 0) session.setState({ faults: [...faults, ...fresh] });
}

export function receive(stores: Stores, event: TrainerEvent): void {
  const { session, settings, metrics, pictures, photos, evaluations, styles } = stores;
  switch (event.kind) {
    case 'status': {
      const isLoading = event.status === 'loading' || event.status === 'compiling';
      session.setState({
        status: event.status,
        note: event.note,
        ...(isLoading ? {} : { progress: undefined }),
        ...(event.status === 'failed' ? { busy: undefined } : {}),
      });
      return;
    }
    case 'adapter': {
      const { name, isSoftware } = event;
      session.setState({ adapter: { name, isSoftware } });
      return;
    }
    case 'providers': {
      const { lm, clip } = event;
      session.setState({ providers: { lm, clip } });
      return;
    }
    case 'encoder':
      session.setState({ encoder: event.encoder });
      return;
    case 'texts':
      session.setState({ texts: event.texts });
      return;
    case 'progress': {
      const { done, total, what } = event;
      session.setState({ progress: { done, total, what } });
      return;
    }
    case 'run': {
      const { config, restored, update, episodes } = event;
      clearMetrics(metrics);
      clearEvaluations(evaluations);
      clearStyles(styles);
      settings.setState({ config });
      session.setState({ run: { config, restored }, update, episodes });
      return;
    }
    case 'metrics': {
      const { update, episodes } = event.metrics;
      appendMetrics(metrics, event.metrics);
      session.setState({ update, episodes });
      return;
    }
    case 'evaluation':
      appendEvaluation(evaluations, event.evaluation);
      return;
    case 'thumbnail':
      setThumbnail(pictures, event.id, event.image);
      return;
    case 'sound': {
      const { samples, rate } = event;
      setSound(pictures, event.id, { samples, rate });
      return;
    }
    case 'rows':
      mergeRows(pictures, event.rows);
      return;
    case 'photos':
      photos.setState({ summary: event.photos });
      return;
    case 'photo-thumbnails':
      addThumbnails(photos, event.images);
      return;
    case 'photo-progress':
      photos.setState({ progress: event.progress });
      return;
    case 'fault':
      reportFaults(stores, [event.fault]);
      return;
  }
}
