/** Hundreds of small files through the person's training set, kept in IndexedDB over a second opening. */
import { afterEach, expect, it, vi } from 'vitest';
import { tableRows } from '../picture-table';
import type { PhotoProgress, TrainerEvent } from '../protocol';
import { WorkQueue } from '../work-queue';
import type { PhotoFile } from './file';
import type { PhotoSet } from './photo-set';
import { PhotoWork } from './photo-work';
import { PhotoStore, type Sight } from './store';

const SIGHT: Sight = { clip: 'someone/clip', clipDType: 'fp32' };

/** A picture of one colour, which differs for every number below 2²⁴. */
async function photo(number: number): Promise<PhotoFile> {
  const canvas = new OffscreenCanvas(120, 60);
  const context = canvas.getContext('2d')!;
  context.fillStyle = `#${(number * 7919).toString(16).padStart(6, '0')}`;
  context.fillRect(0, 0, 120, 60);
  return { name: `${number}.png`, data: await canvas.convertToBlob() };
}

const photos = (first: number, count: number) =>
  Promise.all(Array.from({ length: count }, (_, i) => photo(first + i)));

const broken = (name: string): PhotoFile => ({
  name,
  data: new Blob(['no picture'], { type: 'image/png' }),
});

/** A CLIP that sees two numbers of a picture's file, and counts. */
function countingClip() {
  let looks = 0;
  return {
    looks: () => looks,
    features: async (pictures: readonly unknown[]) => {
      const rows = [];
      for (const picture of pictures) {
        const bitmap = await createImageBitmap(picture as Blob);
        const canvas = new OffscreenCanvas(1, 1);
        const context = canvas.getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
        rows.push(r * 65536 + g * 256 + b, 1);
        looks++;
      }
      return Float32Array.from(rows);
    },
  };
}

afterEach(() => void vi.restoreAllMocks());

let databases = 0;
/** A page's worth of training set over a database of its own. */
async function open(database = `photos-test-${Date.now()}-${databases++}`, sight = SIGHT) {
  const events: TrainerEvent[] = [];
  const changes: number[] = [];
  const clip = countingClip();
  const work = new PhotoWork({
    queue: new WorkQueue(),
    emit: (event) => void events.push(event),
    trainsOnPhotos: (set) => set.canTrain,
    onChange: async () => void changes.push(set!.trainingFeatures().length),
  });
  const set = await work.open(new PhotoStore(database), sight);
  work.begin(clip);
  const progress = (): PhotoProgress | undefined =>
    events.flatMap((event) => (event.kind === 'photo-progress' ? event.progress : [])).at(-1);
  return { database, work, set: set!, clip, events, changes, progress };
}

const hashes = (set: PhotoSet) => set.rows.map(({ hash }) => hash);

it('takes in hundreds, tells duplicates and broken files apart, and trains on no held-out one', async () => {
  const { work, set, clip, changes, progress, events } = await open();
  const files = await photos(0, 200);
  files.splice(50, 0, { ...(await photo(3)), name: 'copy of 3.png' });
  files.push(broken('a.png'), { ...(await photo(7)), name: 'copy of 7.png' }, broken('b.png'));
  expect(await work.add(files)).toEqual({ ok: true, value: null });

  expect(progress()).toMatchObject({ done: 204, of: 204, isRunning: false });
  expect(progress()!.duplicates).toEqual(['copy of 3.png', 'copy of 7.png']);
  expect(progress()!.failed).toMatchObject([
    { kind: 'bad-image', file: 'a.png' },
    { kind: 'bad-image', file: 'b.png' },
  ]);
  expect(set.rows.length).toBe(200);
  expect(clip.looks()).toBe(200);
  // In parts, each of which the trainer hears of.
  expect(changes.length).toBeGreaterThan(10);
  expect(changes.every((length, i) => length > (changes[i - 1] ?? 0))).toBe(true);

  const heldOut = set.rows.filter(({ isHeldOut }) => isHeldOut);
  expect(heldOut.length).toBeGreaterThan(5);
  const training = set.trainingFeatures();
  expect(training.length / 2).toBe(200 - heldOut.length);
  const seenOf = (features: Float32Array) => features.filter((_, i) => i % 2 === 0);
  const held = new Set(seenOf(set.heldOutFeatures(Number.POSITIVE_INFINITY)));
  expect(held.size).toBe(heldOut.length);
  expect(seenOf(tableRows(training, 512, 2)).some((value) => held.has(value))).toBe(false);

  const images = events.flatMap((event) => (event.kind === 'photo-thumbnails' ? event.images : []));
  expect(images.map(({ hash }) => hash).toSorted()).toEqual(hashes(set).toSorted());
  const thumbnail = await createImageBitmap(images[0]!.image);
  expect([thumbnail.width, thumbnail.height]).toEqual([96, 48]);
});

it('is there again, features and all, when it is opened a second time', async () => {
  const first = await open();
  await first.work.add(await photos(0, 40));
  await first.work.configure({ heldOutShare: 0.25, isChosen: true });
  const second = await open(first.database);
  expect(hashes(second.set).toSorted()).toEqual(hashes(first.set).toSorted());
  expect(second.set.unseen).toEqual([]);
  expect(second.clip.looks()).toBe(0);
  expect(second.set.settings).toEqual({ heldOutShare: 0.25, isChosen: true });
  expect(second.set.trainingFeatures()).toEqual(first.set.trainingFeatures());
  expect(second.set.heldOutFeatures(99)).toEqual(first.set.heldOutFeatures(99));
  expect(second.set.bytes).toBe(first.set.bytes);
});

it('is seen anew by another CLIP, from the originals, and still known to the first', async () => {
  const first = await open();
  await first.work.add(await photos(0, 20));
  const other = await open(first.database, { ...SIGHT, clipDType: 'fp16' });
  await expect.poll(() => other.progress()).toMatchObject({ done: 20, isRunning: false });
  expect(other.clip.looks()).toBe(20);
  expect(other.set.trainingFeatures()).toEqual(first.set.trainingFeatures());
  const again = await open(first.database);
  expect(again.set.unseen).toEqual([]);
});

it('removes, and brings back in reverse order', async () => {
  const { database, work, set, clip } = await open();
  await work.add(await photos(0, 30));
  const all = hashes(set).toSorted();
  const before = set.trainingFeatures();
  await work.remove(all.slice(0, 1));
  await work.remove(all.slice(1));
  expect(set.rows).toEqual([]);
  expect(set.trainingFeatures().length).toBe(0);
  expect(set.undoable).toBe(29);
  await work.undo();
  expect(set.undoable).toBe(1);
  await work.undo();
  expect(hashes(set).toSorted()).toEqual(all);
  expect(set.trainingFeatures()).toEqual(before);
  expect(set.undoable).toBe(0);
  expect(clip.looks()).toBe(30);

  await work.remove(all.slice(0, 5));
  const later = await open(database);
  expect(hashes(later.set).toSorted()).toEqual(all.slice(5));
  expect(await new PhotoStore(database).original(all[0]!)).toBeUndefined();
  expect(await new PhotoStore(database).original(all[5]!)).toBeInstanceOf(Blob);
});

it('stops when cancelled, keeps what is done and goes on from there', async () => {
  const { work, set, events, clip } = await open();
  const files = await photos(0, 100);
  const adding = work.add(files);
  await expect.poll(() => clip.looks()).toBeGreaterThan(0);
  await work.cancel();
  expect(await adding).toEqual({ ok: true, value: null });
  const kept = set.rows.length;
  expect(kept).toBeLessThan(100);
  expect(kept).toBeGreaterThan(0);
  expect(events.at(-1)).toMatchObject({ progress: { isRunning: false } });
  await work.add(files);
  expect(set.rows.length).toBe(100);
  expect(set.unseen).toEqual([]);
  expect(clip.looks()).toBe(100);
});

const isOriginal = (key: unknown) => Array.isArray(key) && key[0] === 'original';

/** A disk with room for so many originals: IndexedDB refuses the next one as it does for want of space. */
function limitOriginals(room: number): void {
  const { put, delete: remove } = IDBObjectStore.prototype;
  let kept = 0;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function limited(
    this: IDBObjectStore,
    value,
    key,
  ) {
    if (isOriginal(key) && ++kept > room) {
      kept--;
      throw new DOMException('no room', 'QuotaExceededError');
    }
    return put.call(this, value, key);
  });
  vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function counted(
    this: IDBObjectStore,
    key,
  ) {
    if (isOriginal(key)) kept--;
    return remove.call(this, key);
  });
}

it('on a full disk keeps what there is, says what did not fit, and lets the removed make room', async () => {
  const { database, work, set } = await open();
  limitOriginals(5);
  const files = await photos(0, 10);
  expect(await work.add(files)).toMatchObject({
    fault: { kind: 'disk-full', file: '5.png', need: files[5]!.data.size },
  });
  expect(set.rows.length).toBe(5);
  expect(set.unseen).toEqual([]);
  expect((await open(database)).set.rows.length).toBe(5);

  await work.remove(hashes(set).slice(0, 3));
  expect(set.undoable).toBe(3);
  expect(await work.add(files.slice(5, 8))).toMatchObject({ ok: true });
  expect(set.undoable).toBe(0);
  expect(set.rows.map(({ name }) => name).slice(2)).toEqual(['5.png', '6.png', '7.png']);
});

it('lets go of photos whose originals are lost, and sees the others', async () => {
  const first = await open();
  await first.work.add(await photos(0, 6));
  const [gone] = hashes(first.set);
  const store = new PhotoStore(first.database);
  const record = (await store.list()).find(({ hash }) => hash === gone)!;
  await store.add(record, new Blob());
  const other = await open(first.database, { ...SIGHT, clip: 'someone/other' });
  await expect.poll(() => other.progress()).toMatchObject({ done: 6, isRunning: false });
  expect(other.progress()!.failed).toMatchObject([{ kind: 'bad-image', file: record.name }]);
  expect(hashes(other.set)).not.toContain(gone);
  expect(other.set.trainingFeatures().length + other.set.heldOutFeatures(9).length).toBe(10);
});
