/** The page's end of the library's worker, which is started when it is first needed. */
import * as Comlink from 'comlink';
import type { LibraryApi } from './library-protocol';

export function connectLibrary(): LibraryApi {
  let started: Comlink.Remote<LibraryApi> | undefined;
  const remote = () => {
    started ??= Comlink.wrap<LibraryApi>(
      new Worker(new URL('./library.worker.ts', import.meta.url), {
        type: 'module',
        name: 'esper-library',
      }),
    );
    return started;
  };
  return {
    plan: (hub, pair, config) => remote().plan(hub, pair, config),
    fetch: (hub, plan, onProgress) => remote().fetch(hub, plan, Comlink.proxy(onProgress)),
    cancel: () => remote().cancel(),
    isStored: (pair) => remote().isStored(pair),
    list: () => remote().list(),
    addFolder: (folder, files) => remote().addFolder(folder, files),
    addZip: (name, zip) => remote().addZip(name, zip),
    remove: (repository) => remote().remove(repository),
  };
}
