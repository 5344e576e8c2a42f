/**
 * Pictures, or sounds, and their captions: rows as the worker writes them, thumbnails as object URLs that are
 * revoked when their picture goes, sounds to be played, and what was given but is not captioned yet.
 */
import { createStore } from 'zustand/vanilla';
import type { GivenFile, PictureRow } from '../worker/protocol';

/** A picture that waits for its first caption. */
export interface PendingPicture {
  name: string;
  /** Undefined for a sound, which has no image yet. */
  url: string | undefined;
}

/** What the encoder hears of a sound: mono samples, so many a second. */
export interface HeardSound {
  samples: Float32Array;
  rate: number;
}

export interface PicturesState {
  /** In the order of first appearance. */
  rows: readonly PictureRow[];
  /** Picture id → object URL. */
  thumbnails: Readonly<Record<string, string>>;
  /** By id, of rows that are sounds. */
  sounds: Readonly<Record<string, HeardSound>>;
  pending: readonly PendingPicture[];
  /** Ids taken away here: a late row of theirs is not shown again. */
  removed: ReadonlySet<string>;
  /** The picture on the stage, if the person chose one; else the one last given. */
  chosen: string | undefined;
}

const EMPTY: PicturesState = {
  rows: [],
  thumbnails: {},
  sounds: {},
  pending: [],
  removed: new Set(),
  chosen: undefined,
};

export const createPicturesStore = () => createStore<PicturesState>(() => EMPTY);
export type PicturesStore = ReturnType<typeof createPicturesStore>;

/** Rows replace those of the same id; new ones are added at the end. */
export function mergeRows(store: PicturesStore, incoming: readonly PictureRow[]): void {
  const { rows, removed } = store.getState();
  const fresh = new Map(incoming.filter(({ id }) => !removed.has(id)).map((row) => [row.id, row]));
  const merged = rows.map((row) => {
    const next = fresh.get(row.id);
    fresh.delete(row.id);
    return next ?? row;
  });
  const added = [...fresh.values()];
  const isGiven = added.some(({ origin }) => origin === 'given');
  store.setState({ rows: [...merged, ...added], ...(isGiven ? { chosen: undefined } : {}) });
}

export function setThumbnail(store: PicturesStore, id: string, image: Blob): void {
  const { thumbnails, removed } = store.getState();
  if (removed.has(id)) return;
  const previous = thumbnails[id];
  if (previous) URL.revokeObjectURL(previous);
  store.setState({ thumbnails: { ...thumbnails, [id]: URL.createObjectURL(image) } });
}

export function setSound(store: PicturesStore, id: string, sound: HeardSound): void {
  const { sounds, removed } = store.getState();
  if (!removed.has(id)) store.setState({ sounds: { ...sounds, [id]: sound } });
}

export function removeRow(store: PicturesStore, id: string): void {
  const { rows, thumbnails, sounds, removed, chosen } = store.getState();
  const { [id]: url, ...kept } = thumbnails;
  const { [id]: _sound, ...keptSounds } = sounds;
  if (url) URL.revokeObjectURL(url);
  store.setState({
    rows: rows.filter((row) => row.id !== id),
    thumbnails: kept,
    sounds: keptSounds,
    removed: new Set([...removed, id]),
    chosen: chosen === id ? undefined : chosen,
  });
}

/** Shows pictures as waiting; the function returned takes them off again. */
export function holdPending(store: PicturesStore, files: readonly GivenFile[]): () => void {
  const held = files.map(({ name, data }) => {
    const isImage = data instanceof Blob && !data.type.startsWith('audio/');
    return { name, url: isImage ? URL.createObjectURL(data) : undefined };
  });
  store.setState(({ pending }) => ({ pending: [...pending, ...held], chosen: undefined }));
  return () => {
    for (const { url } of held) if (url) URL.revokeObjectURL(url);
    store.setState(({ pending }) => ({
      pending: pending.filter((picture) => !held.includes(picture)),
    }));
  };
}

/** Forgets everything, as a new worker knows no picture. */
export function clearPictures(store: PicturesStore): void {
  const { thumbnails } = store.getState();
  for (const url of Object.values(thumbnails)) URL.revokeObjectURL(url);
  store.setState(({ pending }) => ({ ...EMPTY, pending }));
}

/** The picture last given by the person; `undefined` before the first. */
export const lastGiven = ({ rows }: PicturesState): PictureRow | undefined =>
  rows.findLast(({ origin }) => origin === 'given');
