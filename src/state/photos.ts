/**
 * The person's training set as the page shows it: what the worker said of it last, and its thumbnails,
 * which come once each. The worker holds the truth.
 */
import { createStore } from 'zustand/vanilla';
import type { PhotoProgress, PhotosApi, PhotoSummary, Result } from '../worker/protocol';

export interface PhotosState {
  /** Undefined until the worker has opened the set. */
  summary: PhotoSummary | undefined;
  /** Of the files handed in last; undefined before the first ones. */
  progress: PhotoProgress | undefined;
  /** By hash; also of what was removed, as it may come back. */
  thumbnails: ReadonlyMap<string, Blob>;
}

const EMPTY: PhotosState = { summary: undefined, progress: undefined, thumbnails: new Map() };

export const createPhotosStore = () => createStore<PhotosState>(() => EMPTY);
export type PhotosStore = ReturnType<typeof createPhotosStore>;

export function addThumbnails(
  store: PhotosStore,
  images: readonly { hash: string; image: Blob }[],
): void {
  store.setState(({ thumbnails }) => ({
    thumbnails: new Map([
      ...thumbnails,
      ...images.map(({ hash, image }) => [hash, image] as const),
    ]),
  }));
}

/** A new worker tells everything anew. */
export function clearPhotos(store: PhotosStore): void {
  store.setState(EMPTY);
}

/** Photos on either side of the split, and those that CLIP has not seen yet. */
export function countPhotos(summary: PhotoSummary | undefined) {
  const rows = summary?.rows ?? [];
  const heldOut = rows.filter(({ isHeldOut }) => isHeldOut).length;
  const unseen = rows.filter(({ isSeen }) => !isSeen).length;
  return { all: rows.length, training: rows.length - heldOut, heldOut, unseen };
}

/** What was typed for the held-out share, in percent; undefined where it is none. */
export function parseShare(text: string, most: number): number | undefined {
  const percent = Number(text.trim() || Number.NaN);
  const share = percent / 100;
  return share >= 0 && share <= most ? share : undefined;
}

export interface PhotoCommands {
  /** Files of any kind: the worker tells which of them are no pictures. */
  add(files: readonly File[]): Promise<void>;
  see(): Promise<void>;
  cancel(): Promise<void>;
  remove(hashes: readonly string[]): Promise<void>;
  undo(): Promise<void>;
  setHeldOutShare(share: number): Promise<void>;
  trainOnPhotos(isChosen: boolean): Promise<void>;
}

type Ask = (call: (photos: PhotosApi) => Promise<Result<null>>) => Promise<unknown>;

export function createPhotoCommands(store: PhotosStore, ask: Ask): PhotoCommands {
  const configure = async (change: Partial<PhotoSummary['settings']>) => {
    const settings = store.getState().summary?.settings;
    if (settings) await ask((photos) => photos.configure({ ...settings, ...change }));
  };
  return {
    async add(files) {
      if (files.length === 0) return;
      // A worker in the midst of something answers late: until it does, the files are on their way.
      const onTheirWay: PhotoProgress = {
        done: 0,
        of: files.length,
        duplicates: [],
        failed: [],
        isRunning: true,
      };
      if (!store.getState().progress?.isRunning) store.setState({ progress: onTheirWay });
      await ask((photos) => photos.add(files.map((data) => ({ name: data.name, data }))));
      if (store.getState().progress === onTheirWay) store.setState({ progress: undefined });
    },
    see: async () => void (await ask((photos) => photos.see())),
    cancel: async () => void (await ask((photos) => photos.cancel())),
    remove: async (hashes) => void (await ask((photos) => photos.remove([...hashes]))),
    undo: async () => void (await ask((photos) => photos.undo())),
    setHeldOutShare: (heldOutShare) => configure({ heldOutShare }),
    trainOnPhotos: (isChosen) => configure({ isChosen }),
  };
}
