import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PictureRow } from '../worker/protocol';
import {
  clearPictures,
  createPicturesStore,
  holdPending,
  lastGiven,
  mergeRows,
  removeRow,
  setThumbnail,
} from './pictures';

const row = (id: string, now: string, origin: PictureRow['origin'] = 'given'): PictureRow => ({
  id,
  name: `${id}.png`,
  origin,
  before: 'nothing',
  now,
  score: undefined,
  update: 0,
});

/** Object URLs made and not yet revoked. */
function watchUrls(): Set<string> {
  const live = new Set<string>();
  let made = 0;
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const url = `blob:${made++}`;
    live.add(url);
    return url;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void live.delete(url));
  return live;
}

afterEach(() => void vi.restoreAllMocks());

describe('rows', () => {
  test('replace those of the same id in place and append new ones', () => {
    const store = createPicturesStore();
    mergeRows(store, [row('a', '1'), row('b', '1')]);
    mergeRows(store, [row('c', '1'), row('a', '2')]);
    expect(store.getState().rows.map(({ id, now }) => id + now)).toEqual(['a2', 'b1', 'c1']);
  });

  test('of a removed picture do not come back with a late message', () => {
    const store = createPicturesStore();
    mergeRows(store, [row('a', '1')]);
    removeRow(store, 'a');
    mergeRows(store, [row('a', '2')]);
    expect(store.getState().rows).toEqual([]);
  });

  test('the stage shows the picture last given, not a watched one', () => {
    const store = createPicturesStore();
    mergeRows(store, [row('a', '1'), row('b', '1'), row('w', '1', 'watched')]);
    expect(lastGiven(store.getState())?.id).toBe('b');
  });
});

describe('object URLs', () => {
  test('are revoked on replacement, removal and clearing', () => {
    const live = watchUrls();
    const store = createPicturesStore();
    for (const id of ['a', 'a', 'b', 'c']) setThumbnail(store, id, new Blob());
    expect(live.size).toBe(3);
    removeRow(store, 'b');
    expect(live.size).toBe(2);
    clearPictures(store);
    expect(live.size).toBe(0);
  });

  test('of waiting pictures live until they are captioned', () => {
    const live = watchUrls();
    const store = createPicturesStore();
    const release = holdPending(store, [{ name: 'x.png', data: new Blob() }]);
    const second = holdPending(store, [{ name: 'y.png', data: new Blob() }]);
    release();
    expect(store.getState().pending.map(({ name }) => name)).toEqual(['y.png']);
    second();
    expect(live.size).toBe(0);
  });
});
