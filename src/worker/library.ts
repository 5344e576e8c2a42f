/** The models on this disk, behind the page: plans, downloads, lists and deletes them. */
import type { Config } from '../esper/config';
import { isBundled, type Pair } from '../esper/pair';
import { fetchJson } from '../frozen/fetch-file';
import { parseGpt2Config } from '../frozen/gpt2/config';
import {
  carryOut,
  type FileProgress,
  isStored,
  type Plan,
  planDownload,
  planStored,
  type Wanted,
} from '../frozen/hub/fetch-repository';
import { type Hub, resolveUrl } from '../frozen/hub/listing';
import {
  addRepository,
  filesOfFolder,
  type FolderFile,
  LOCAL_OWNER,
} from '../frozen/hub/own-files';
import { modalityOf, parseEncoderConfig } from '../frozen/encoder-config';
import { ModelStore } from '../frozen/hub/store';
import { storedBase } from '../frozen/hub/stored-fetch';
import type { LibraryApi, PairPlan } from './library-protocol';
import { planMemory } from './plan-memory';
import type { Result } from './protocol';
import { CONFIG, wantedFirst, wantedOfEncoder, wantedOfLm } from './wanted-files';
import { answer } from './work-queue';

/** A repository's config.json, from the disk or from the hub. @throws Fault download, bad-file */
async function readJson(hub: Hub, store: ModelStore, plan: Plan): Promise<unknown> {
  const { repository, revision } = plan;
  const config = plan.files.find(({ path }) => path === CONFIG)!;
  if (await store.has(repository, config)) return fetchJson(`${storedBase(repository)}${CONFIG}`);
  return fetchJson(resolveUrl(hub, repository, revision, CONFIG), hub.token);
}

export class Library implements LibraryApi {
  #store: Promise<ModelStore> | undefined;
  #running: AbortController | undefined;

  plan(hub: Hub, pair: Pair, config: Config): Promise<Result<PairPlan>> {
    return answer(async () => {
      const store = await this.#open();
      const planOf = (wanted: Wanted) =>
        wanted.repository.startsWith(LOCAL_OWNER)
          ? planStored(store, wanted)
          : planDownload(hub, store, wanted);
      const [lm, first] = await Promise.all([planOf(wantedOfLm(pair)), planOf(wantedFirst(pair))]);
      const [gpt2, json] = await Promise.all([
        readJson(hub, store, lm).then((found) => parseGpt2Config(pair.lm, found)),
        readJson(hub, store, first),
      ]);
      const { projectionDim } = parseEncoderConfig(pair.clip, json);
      const encoder = await planOf(wantedOfEncoder(pair, modalityOf(pair.clip, json)));
      const memory = await planMemory(gpt2, pair, projectionDim, encoder, config);
      return { pair, repositories: [lm, encoder] as const, memory };
    });
  }

  fetch(
    hub: Hub,
    plan: PairPlan,
    onProgress: (progress: FileProgress) => void,
  ): Promise<Result<boolean>> {
    return answer(async () => {
      const store = await this.#open();
      // Asked for once there is something to keep; a refusal only means that it may be cleared.
      await navigator.storage.persist?.();
      const { signal } = (this.#running = new AbortController());
      try {
        for (const repository of plan.repositories)
          await carryOut(repository, hub, store, onProgress, signal);
        return true;
      } catch (error) {
        if (signal.aborted) return false;
        throw error;
      } finally {
        this.#running = undefined;
      }
    });
  }

  cancel(): Promise<Result<null>> {
    return answer(async () => {
      this.#running?.abort();
      return null;
    });
  }

  isStored(pair: Pair): Promise<Result<boolean>> {
    return answer(async () => {
      if (isBundled(pair)) return true;
      const store = await this.#open();
      const isHere = (wanted: Wanted) => isStored(store, wanted);
      if (!(await isHere(wantedOfLm(pair))) || !(await isHere(wantedFirst(pair)))) return false;
      const json = await fetchJson(`${storedBase(pair.clip)}${CONFIG}`);
      return isHere(wantedOfEncoder(pair, modalityOf(pair.clip, json)));
    });
  }

  list() {
    return answer(async () => (await this.#open()).list());
  }

  addFolder(folder: string, files: FolderFile[]): Promise<Result<string>> {
    return answer(async () => addRepository(await this.#open(), folder, filesOfFolder(files)));
  }

  addZip(name: string, zip: Blob): Promise<Result<string>> {
    return answer(async () => {
      // 100 kB that few ever need.
      const { filesOfZip } = await import('../frozen/hub/zip');
      return addRepository(await this.#open(), name, await filesOfZip(name, zip));
    });
  }

  remove(repository: string): Promise<Result<null>> {
    return answer(async () => {
      await (await this.#open()).remove(repository);
      return null;
    });
  }

  #open(): Promise<ModelStore> {
    this.#store ??= ModelStore.open();
    return this.#store;
  }
}
