/** Judging with real, small networks: who writes what, what a broken picture does, and cancel. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConfig } from '../esper/config';
import { BUNDLED_PAIR, type Pair } from '../esper/pair';
import { SMALL_E, smallNetworks } from '../esper/testing/small-networks';
import { Trainer } from '../esper/trainer';
import { Fault } from '../faults';
import type { Encoder } from '../frozen/encoder';
import type { KernelRunner } from '../gpu/kernel';
import { sharedRunner } from '../gpu/testing/harness';
import { Judging } from './judging';
import type { ImageToJudge, JudgedImage } from './judging-protocol';
import type { Models } from './models';
import { WorkQueue } from './work-queue';
import { SHAPES } from './worlds/shapes';

const config = parseConfig({
  imagesPerBatch: 4,
  samplesPerImage: 2,
  trainingPictures: 16,
  responseLength: 4,
  minResponse: 1,
  minibatches: 2,
  epochs: 1,
});

/** A picture's feature: what its bytes begin with; a scene's: where it stands. */
const featureOf = (seed: number) =>
  Float32Array.from({ length: SMALL_E }, (_, i) => 3 * Math.sin(seed + i * i));
const clip: Pick<Encoder, 'features' | 'imageOf'> = {
  imageOf: (picture) => (picture as OffscreenCanvas).convertToBlob(),
  async features(pictures) {
    const rows: number[] = [];
    for (const [i, picture] of pictures.entries()) {
      const text = picture instanceof File ? await picture.text() : String(i);
      if (text === 'broken')
        throw new Fault({ kind: 'bad-image', file: (picture as File).name, problem: 'broken' });
      rows.push(...featureOf(Number(text)));
    }
    return Float32Array.from(rows);
  },
};

let runner: KernelRunner;
let trainer: Trainer;
let models: Models;
beforeAll(async () => {
  runner = await sharedRunner();
  const networks = await smallNetworks(runner);
  trainer = await Trainer.create(networks, config);
  models = {
    networks,
    clip: Promise.resolve(clip as Encoder),
    world: SHAPES,
    tokenizer: {
      encode: (text) => text.split(' ').filter(Boolean).map(Number),
      decode: networks.tokenizer.decode,
      eosId: 96,
    },
    texts: undefined,
  };
});
afterAll(async () => {
  await trainer.destroy();
});

function judging(pair: Pair = BUNDLED_PAIR) {
  const photo = (hash: string) => (hash === 'seen' ? featureOf(7) : undefined);
  return new Judging(new WorkQueue(), () => ({ pair, models, trainer, photo }));
}

const file = (text: string): ImageToJudge['picture'] => ({
  of: 'file',
  data: new File([text], `${text}.png`),
});
const image = (
  picture: ImageToJudge['picture'],
  caption?: string,
  references = ['1 2 3'],
): ImageToJudge => ({ picture, caption, references });

it('writes where no caption is given, judges what is given, and keeps the order', async () => {
  const told: number[] = [];
  const answer = await judging().judge(
    [
      image(file('5')),
      image(file('broken')),
      image({ of: 'photo', hash: 'seen' }, '4 5 6', ['9 9', '4 5 6']),
      image({ of: 'photo', hash: 'unseen' }),
      image(undefined, '1 2'),
      image(undefined),
      ...Array.from({ length: 14 }, () => image(undefined, '8')),
    ],
    (done) => told.push(done),
  );
  if (!answer.ok || !answer.value) throw new Error(JSON.stringify(answer));
  const [written, broken, given, unseen, textOnly, neither] = answer.value.images;
  expect(told).toEqual([16, 20]);
  expect(answer.value.images).toHaveLength(20);
  expect(answer.value.updates).toEqual({ first: 0, last: 0 });

  const [caption] = await trainer.write(featureOf(5));
  const [cosine] = await trainer.cosines(featureOf(5), [caption!]);
  expect(written).toMatchObject({ caption, attributes: undefined });
  expect((written as JudgedImage).clip!.cosine).toBeCloseTo(cosine!, 4);
  expect((written as JudgedImage).clip!.clipScore).toBeCloseTo(2.5 * Math.max(0, cosine!), 4);
  expect((written as JudgedImage).likelihood.tokens).toBe(caption!.split(' ').length);

  // The best reference is the caption itself: the harmonic mean with 1.
  const [own] = await trainer.cosines(featureOf(7), ['4 5 6']);
  const score = 2.5 * Math.max(0, own!);
  expect(given).toMatchObject({ caption: '4 5 6' });
  expect((given as JudgedImage).clip!.refClipScore).toBeCloseTo((2 * score) / (score + 1), 4);

  expect(broken).toMatchObject({ fault: { kind: 'bad-image', file: 'broken.png' } });
  expect(unseen).toMatchObject({ fault: { kind: 'bad-image' } });
  expect(textOnly).toMatchObject({ caption: '1 2', clip: undefined, likelihood: { tokens: 2 } });
  expect(neither).toMatchObject({ fault: { kind: 'nothing-to-evaluate' } });
});

it('judges the attributes of held-out scenes, which only the bundled world has', async () => {
  const bench = judging();
  const found = await bench.scenes();
  if (!found.ok) throw new Error(found.fault.kind);
  expect(found.value).toHaveLength(128);
  const { references, index, image: picture } = found.value[3]!;
  expect(picture.size).toBeGreaterThan(100);
  expect(new Set(references).size).toBe(4);
  const scene = { of: 'scene', index } as const;
  const answer = await bench.judge([image(scene, references[2]), image(scene, 'a dog')], () => {});
  if (!answer.ok || !answer.value) throw new Error(JSON.stringify(answer));
  expect(answer.value.images).toMatchObject([
    { attributes: { colour: true, shape: true, size: true, place: true } },
    { attributes: { colour: false, shape: false, size: false, place: false } },
  ]);

  const hub: Pair = { ...BUNDLED_PAIR, lm: 'someone/gpt2', clip: 'someone/clip' };
  expect(await judging(hub).scenes()).toEqual({ ok: true, value: [] });
});

it('ends between two parts when it is cancelled', async () => {
  const bench = judging();
  const images = Array.from({ length: 64 }, () => image(undefined, '8'));
  const told: number[] = [];
  const answer = await bench.judge(images, (done) => {
    told.push(done);
    void bench.cancel();
  });
  expect(answer).toEqual({ ok: true, value: undefined });
  expect(told).toEqual([16]);
});
