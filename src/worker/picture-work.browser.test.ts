/** What a real trainer is given to train on: scenes or photos, and never a photo that is held out. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseConfig } from '../esper/config';
import { BUNDLED_PAIR, type Pair } from '../esper/pair';
import { SMALL_E, smallNetworks } from '../esper/testing/small-networks';
import { Trainer } from '../esper/trainer';
import type { Encoder } from '../frozen/encoder';
import { sharedRunner } from '../gpu/testing/harness';
import { PhotoWork } from './photos/photo-work';
import { PhotoStore } from './photos/store';
import { PictureWork, trainsOnPhotos } from './picture-work';
import type { TrainerEvent } from './protocol';
import { WorkQueue } from './work-queue';
import { SHAPES } from './worlds/shapes';

const HUB_PAIR: Pair = {
  lm: 'someone/gpt2',
  clip: 'someone/clip',
  clipDType: 'fp32',
  lmDType: 'f32',
};
const ROWS = 96;
const SCENE = -1;

const config = parseConfig({
  imagesPerBatch: 4,
  samplesPerImage: 2,
  trainingPictures: ROWS,
  responseLength: 4,
  minResponse: 1,
  minibatches: 2,
  epochs: 1,
});

async function photo(number: number) {
  const canvas = new OffscreenCanvas(8, 8);
  const context = canvas.getContext('2d')!;
  context.fillStyle = `rgb(0 0 ${number})`;
  context.fillRect(0, 0, 8, 8);
  return { name: `${number}.png`, data: await canvas.convertToBlob() };
}

/** Of a photo the feature is its blue, which is its number; of a scene it is `SCENE`. */
const clip: Encoder = {
  modality: 'picture',
  config: { projectionDim: SMALL_E, contextLength: 8 },
  hearing: undefined,
  provider: 'wasm',
  features: async (pictures) => {
    const features = new Float32Array(pictures.length * SMALL_E).fill(SCENE);
    for (const [i, picture] of pictures.entries()) {
      if (!(picture instanceof Blob)) continue;
      const context = new OffscreenCanvas(1, 1).getContext('2d')!;
      context.drawImage(await createImageBitmap(picture), 0, 0);
      const blue = context.getImageData(0, 0, 1, 1).data[2]!;
      features.fill(blue, i * SMALL_E, (i + 1) * SMALL_E);
    }
    return features;
  },
  imageOf: async () => new Blob(),
  textFeatures: () => Promise.reject(new Error('the trainer has its own')),
  dispose: async () => {},
};

let database: string;
let trainer: Trainer | undefined;
beforeEach(() => {
  database = `picture-work-${crypto.randomUUID()}`;
});
afterEach(async () => {
  await trainer?.destroy();
  trainer = undefined;
});

/** As the session puts them together. */
async function open(pair: Pair) {
  const queue = new WorkQueue();
  const events: TrainerEvent[] = [];
  const emit = (event: TrainerEvent) => void events.push(event);
  const networks = await smallNetworks(await sharedRunner());
  const run = (trainer = await Trainer.create(networks, config));
  const table = new Float32Array(ROWS * SMALL_E);
  const setPictures = run.setPictures.bind(run);
  vi.spyOn(run, 'setPictures').mockImplementation((features, first) => {
    table.set(features, first * SMALL_E);
    setPictures(features, first);
  });
  let pictures: PictureWork | undefined;
  const photos = new PhotoWork({
    queue,
    emit,
    trainsOnPhotos: (set) => trainsOnPhotos(pair, set),
    onChange: async () => pictures?.fill(run),
  });
  const set = (await photos.open(new PhotoStore(database), pair))!;
  pictures = await PictureWork.create(clip, SHAPES, set, { pair, queue, emit, trainer: () => run });
  photos.begin(clip);
  await queue.run(() => pictures.begin(run));
  const rows = async () => {
    await queue.run(async () => {}); // behind all that is queued
    return Array.from({ length: ROWS }, (_, row) => table[row * SMALL_E]!);
  };
  return { run, photos, pictures, set, queue, events, rows };
}

/** How often each value occurs. */
const counts = (values: readonly number[]) =>
  [...new Set(values)].map((wanted) => values.filter((value) => value === wanted).length);

it('models of the hub train on photos as soon as there are any, and never on a held-out one', async () => {
  const { run, photos, pictures, set, rows } = await open(HUB_PAIR);
  expect(new Set(await rows())).toEqual(new Set([SCENE]));

  await photos.add(await Promise.all(Array.from({ length: 40 }, (_, i) => photo(i + 1))));
  await photos.configure({ heldOutShare: 0.3, isChosen: false });
  const numberOf = ({ name }: { name: string }) => Number.parseInt(name, 10);
  const heldOut = set.rows.filter(({ isHeldOut }) => isHeldOut).map(numberOf);
  const training = set.rows.filter(({ isHeldOut }) => !isHeldOut).map(numberOf);
  expect(heldOut.length).toBeGreaterThan(3);
  expect(new Set(await rows())).toEqual(new Set(training));
  const often = counts(await rows());
  expect(Math.max(...often) - Math.min(...often)).toBeLessThanOrEqual(1);

  const taken = await pictures.trainingPictures(run);
  expect(taken.features.filter((_, i) => i % SMALL_E === 0)).toEqual(
    Float32Array.from(taken.ids, (id) => numberOf(set.rows.find(({ hash }) => hash === id)!)),
  );
  expect(new Set(taken.features)).toEqual(new Set(training));

  const gone = set.rows.find(({ isHeldOut }) => !isHeldOut)!;
  await photos.remove([gone.hash]);
  expect(await rows()).not.toContain(numberOf(gone));
  await photos.undo();
  expect(await rows()).toContain(numberOf(gone));

  await photos.remove(set.rows.map(({ hash }) => hash));
  expect(new Set(await rows())).toEqual(new Set([SCENE]));
});

it('the bundled world trains on photos only when told to, also after a reload', async () => {
  const first = await open(BUNDLED_PAIR);
  await first.photos.add(await Promise.all(Array.from({ length: 12 }, (_, i) => photo(i + 1))));
  expect(new Set(await first.rows())).toEqual(new Set([SCENE]));
  const scenes = await first.pictures.trainingPictures(first.run);
  expect(scenes.ids).toHaveLength(ROWS);
  expect(new Set(scenes.features)).toEqual(new Set([SCENE]));
  await first.photos.configure({ ...first.set.settings, isChosen: true });
  expect(await first.rows()).not.toContain(SCENE);
  await first.run.destroy();

  const second = await open(BUNDLED_PAIR);
  expect(await second.rows()).toEqual(await first.rows());
  await second.photos.configure({ ...second.set.settings, isChosen: false });
  expect(new Set(await second.rows())).toEqual(new Set([SCENE]));
});

it('reports the cosine of the held-out photos when training rests, once an update', async () => {
  const { run, photos, pictures, set, queue, events } = await open(HUB_PAIR);
  await photos.add(await Promise.all(Array.from({ length: 12 }, (_, i) => photo(i + 1))));
  await photos.configure({ heldOutShare: 0.4, isChosen: false });
  await queue.run(async () => {
    await run.iterate();
    await pictures.rest(run);
    await pictures.rest(run);
  });
  const evaluations = events.filter(({ kind }) => kind === 'evaluation');
  expect(evaluations).toEqual([
    {
      kind: 'evaluation',
      evaluation: {
        of: 'photos',
        update: 1,
        episodes: 8,
        pictures: set.rows.filter(({ isHeldOut }) => isHeldOut).length,
        cosine: expect.any(Number),
      },
    },
  ]);
});
