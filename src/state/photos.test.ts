import { describe, expect, test } from 'vitest';
import type { PhotoSummary } from '../worker/protocol';
import { addThumbnails, clearPhotos, countPhotos, createPhotosStore, parseShare } from './photos';

const summary = (rows: PhotoSummary['rows'], undoable = 0): PhotoSummary => ({
  rows,
  settings: { heldOutShare: 0.1, isChosen: false },
  trainsOn: 'scenes',
  bytes: 0,
  undoable,
});
const row = (hash: string, isHeldOut: boolean, isSeen = true) => ({
  hash,
  name: `${hash}.png`,
  isHeldOut,
  isSeen,
});

describe('the training set', () => {
  test('is counted on both sides of the split', () => {
    const rows = [row('a', false), row('b', true), row('c', false, false)];
    expect(countPhotos(summary(rows))).toEqual({ all: 3, training: 2, heldOut: 1, unseen: 1 });
    expect(countPhotos(undefined)).toEqual({ all: 0, training: 0, heldOut: 0, unseen: 0 });
  });

  test('keeps the thumbnails of removed photos, so that undo shows them', () => {
    const store = createPhotosStore();
    const [a, b] = [new Blob(['a']), new Blob(['b'])];
    addThumbnails(store, [{ hash: 'a', image: a }]);
    store.setState({ summary: summary([row('a', false)]) });
    store.setState({ summary: summary([], 1) });
    addThumbnails(store, [{ hash: 'b', image: b }]);
    store.setState({ summary: summary([row('a', false), row('b', false)]) });
    expect([...store.getState().thumbnails]).toEqual([
      ['a', a],
      ['b', b],
    ]);
    clearPhotos(store);
    expect(store.getState().thumbnails.size).toBe(0);
    expect(store.getState().summary).toBeUndefined();
  });

  test.each([
    ['10', 0.1],
    [' 0 ', 0],
    ['50', 0.5],
    ['51', undefined],
    ['-1', undefined],
    ['', undefined],
    ['ten', undefined],
  ])('%j percent to hold out', (text, share) => {
    expect(parseShare(text, 0.5)).toBe(share);
  });
});
