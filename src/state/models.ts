/**
 * Which models the page uses, which others it could use, and what of them lies on this disk. The
 * library's worker does the work; a fault here never touches the run.
 */
import { createStore } from 'zustand/vanilla';
import type { Config } from '../esper/config';
import type { FaultCause } from '../faults';
import type {
  FileProgress,
  FolderFile,
  Hub,
  LibraryApi,
  PairPlan,
  StoredFile,
} from '../worker/library-protocol';
import { BUNDLED_PAIR, isBundled, type Pair } from '../esper/pair';
import type { Result } from '../worker/protocol';
import type { SettingsStore } from './settings';

export const HUB_ADDRESS = 'https://huggingface.co';

export interface ModelsState {
  /** The pair that the trainer runs with. */
  pair: Pair;
  hub: Hub;
  /** What the looked-up pair needs. */
  plan: PairPlan | undefined;
  activity: 'idle' | 'planning' | 'downloading' | 'copying';
  /** The latest word of each file of the plan. */
  progress: readonly FileProgress[];
  bytesPerSecond: number;
  stored: readonly StoredFile[];
  fault: FaultCause | undefined;
}

export const createModelsStore = (pair: Pair = BUNDLED_PAIR) =>
  createStore<ModelsState>(() => ({
    pair,
    hub: { address: HUB_ADDRESS },
    plan: undefined,
    activity: 'idle',
    progress: [],
    bytesPerSecond: 0,
    stored: [],
    fault: undefined,
  }));
export type ModelsStore = ReturnType<typeof createModelsStore>;

/** Bytes here and in all, over the files of a plan. */
export function totals(progress: readonly FileProgress[]): { done: number; bytes: number } {
  return progress.reduce(
    (sum, file) => ({ done: sum.done + file.done, bytes: sum.bytes + file.bytes }),
    { done: 0, bytes: 0 },
  );
}

/** GPU memory of a planned run, bytes. */
export const memoryTotal = ({ memory }: PairPlan): number =>
  memory.weights + memory.clip + memory.training;

const progressOf = (plan: PairPlan): FileProgress[] =>
  plan.repositories.flatMap(({ repository, files }) =>
    files.map(({ path, bytes, here }) => ({ repository, path, bytes, done: here })),
  );

export interface ModelCommands {
  /** Looks up what a pair needs. */
  lookUp(pair: Pair): Promise<void>;
  download(): Promise<void>;
  cancel(): Promise<void>;
  /** Goes over to a pair, which must be bundled or stored; with settings, to those too. */
  use(pair: Pair, config?: Config): Promise<void>;
  setHub(hub: Hub): void;
  refreshStored(): Promise<void>;
  /** Files of one folder, with their paths in it. */
  addFolder(folder: string, files: FolderFile[]): Promise<void>;
  addZip(zip: File): Promise<void>;
  remove(repository: string): Promise<void>;
}

/**
 * @param settings what a run would begin with
 * @param reopen starts a trainer with the store's pair
 * @param now milliseconds, for the speed
 */
export function createModelCommands(
  models: ModelsStore,
  settings: SettingsStore,
  library: LibraryApi,
  reopen: () => Promise<void>,
  now: () => number = () => performance.now(),
): ModelCommands {
  async function ask<T>(call: Promise<Result<T>>): Promise<T | undefined> {
    const result = await call;
    if (result.ok) return result.value;
    models.setState({ fault: result.fault });
    return undefined;
  }

  async function takeIn(add: () => Promise<Result<string>>): Promise<void> {
    models.setState({ activity: 'copying', fault: undefined });
    await ask(add());
    models.setState({ activity: 'idle' });
    await commands.refreshStored();
  }

  const commands: ModelCommands = {
    async lookUp(pair) {
      models.setState({ activity: 'planning', plan: undefined, progress: [], fault: undefined });
      const plan = await ask(library.plan(models.getState().hub, pair, settings.getState().config));
      models.setState({ activity: 'idle', plan, progress: plan ? progressOf(plan) : [] });
    },

    async download() {
      const { plan, hub, progress } = models.getState();
      if (!plan) return;
      const started = { at: now(), bytes: totals(progress).done };
      models.setState({ activity: 'downloading', fault: undefined, bytesPerSecond: 0 });
      await ask(
        library.fetch(hub, plan, (latest) => {
          const { progress: before } = models.getState();
          const isSame = ({ repository, path }: FileProgress) =>
            repository === latest.repository && path === latest.path;
          const after = before.map((file) => (isSame(file) ? latest : file));
          const seconds = (now() - started.at) / 1000;
          const bytes = totals(after).done - started.bytes;
          models.setState({
            progress: after,
            bytesPerSecond: seconds > 0 ? Math.max(0, bytes / seconds) : 0,
          });
        }),
      );
      models.setState({ activity: 'idle' });
      await commands.refreshStored();
    },

    async cancel() {
      await ask(library.cancel());
    },

    async use(pair, config) {
      const isHere = await ask(library.isStored(pair));
      if (isHere === false)
        models.setState({
          fault: {
            kind: 'bad-file',
            file: isBundled(pair) ? pair.lm : `${pair.lm} with ${pair.clip}`,
            problem: 'Not all of its files are on this disk.',
          },
        });
      if (!isHere) return;
      if (config) settings.setState({ config });
      models.setState({ pair, fault: undefined });
      await reopen();
    },

    setHub(hub) {
      models.setState({ hub, plan: undefined, progress: [] });
    },

    async refreshStored() {
      const stored = await ask(library.list());
      if (stored) models.setState({ stored });
    },

    addFolder: (folder, files) => takeIn(() => library.addFolder(folder, files)),
    addZip: (zip) => takeIn(() => library.addZip(zip.name, zip)),

    async remove(repository) {
      await ask(library.remove(repository));
      models.setState({ plan: undefined, progress: [] });
      await commands.refreshStored();
    },
  };
  return commands;
}
