/** The store where it can run, for the tests of the page that starts this worker. */
import * as Comlink from 'comlink';
import { type FaultCause, toFaultCause } from '../../faults';
import { KeptHalves } from '../../frozen/gpt2/kept-halves';
import { loadGpt2 } from '../../frozen/gpt2/load';
import { parameterTensors } from '../../frozen/gpt2/parameters';
import { carryOut, isStored, planDownload, type Wanted } from '../../frozen/hub/fetch-repository';
import type { Hub, ListedFile } from '../../frozen/hub/listing';
import { addRepository } from '../../frozen/hub/own-files';
import { ModelStore, type StoredFile } from '../../frozen/hub/store';
import { storedBase } from '../../frozen/hub/stored-fetch';
import { openGpu } from '../../gpu/device';

type Outcome<T> = { value: T } | { fault: FaultCause };

async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { fault: toFaultCause(error) };
  }
}

const api = {
  list: async (): Promise<StoredFile[]> => (await ModelStore.open()).list(),

  read: async (repository: string, path: string): Promise<Uint8Array | undefined> => {
    const file = await (await ModelStore.open()).read(repository, path);
    return file && new Uint8Array(await file.arrayBuffer());
  },

  remove: async (repository: string): Promise<void> => (await ModelStore.open()).remove(repository),

  /** Writes bytes as a download would and stops there, or finishes. */
  write: (repository: string, file: ListedFile, bytes: Uint8Array, finish: boolean) =>
    outcome(async () => {
      const incoming = await (await ModelStore.open()).receive(repository, file);
      const found = incoming.length;
      incoming.write(bytes);
      if (finish) await incoming.finish();
      else incoming.close();
      return found;
    }),

  /** Takes texts in as a repository of one's own; the one at `failing` breaks off in its middle. */
  addOwn: (name: string, texts: Record<string, string>, failing?: string) =>
    outcome(async () => {
      const files = Object.entries(texts).map(([path, text]) => {
        const bytes = new TextEncoder().encode(text);
        const pipe = async (write: (chunk: Uint8Array<ArrayBuffer>) => void) => {
          write(path === failing ? bytes.slice(0, bytes.length / 2) : bytes);
          if (path === failing) throw new Error('The disk was pulled out.');
        };
        return { path, bytes: bytes.length, pipe };
      });
      return addRepository(await ModelStore.open(), name, files);
    }),

  /** Loads a stored GPT-2 as halves, as the page does: the first value of each matrix, as bits. */
  loadHalves: (repository: string) =>
    outcome(async () => {
      const gpu = await openGpu();
      try {
        const halves = new KeptHalves(await ModelStore.open(), repository);
        const weights = await loadGpt2(gpu, storedBase(repository), 'f16', halves);
        const bits: [string, number][] = [];
        for (const [name, tensor] of parameterTensors(weights))
          if (tensor.dtype === 'f16') bits.push([name, (await tensor.read())[0]!]);
        return bits;
      } finally {
        gpu.destroy();
      }
    }),

  /** Deletes one file behind the store's back. */
  removeFile: async (repository: string, path: string): Promise<void> => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models');
    const folder = await models.getDirectoryHandle(encodeURIComponent(repository));
    await folder.removeEntry(encodeURIComponent(path));
  },

  isStored: async (wanted: Wanted): Promise<boolean> => isStored(await ModelStore.open(), wanted),

  /** What was planned, what progress was told. */
  fetch: (hub: Hub, wanted: Wanted) =>
    outcome(async () => {
      const store = await ModelStore.open();
      const plan = await planDownload(hub, store, wanted);
      const told: number[] = [];
      await carryOut(plan, hub, store, ({ done }) => told.push(done));
      return { plan, told };
    }),
};

export type StoreApi = typeof api;

Comlink.expose(api);
