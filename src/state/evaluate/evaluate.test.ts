import { describe, expect, it } from 'vitest';
import { BUNDLED_PAIR } from '../../esper/pair';
import type { FaultCause } from '../../faults';
import type { CaptionsWork } from '../../worker/captions-client';
import type { CaptionFile, CaptionsOfImage, ScoredTexts } from '../../worker/captions-protocol';
import type { ImageToJudge, JudgedImage, JudgingApi } from '../../worker/judging-protocol';
import { createPhotosStore } from '../photos';
import { createEvaluateCommands, createEvaluateStore } from './evaluate';
import { toCsv, toJson } from './export';

const image = (id: string, split?: string): CaptionsOfImage => ({
  id,
  file: id,
  split,
  texts: [`text of ${id}`],
});
const captionFile = (...images: CaptionsOfImage[]): CaptionFile => ({
  format: 'COCO captions',
  images,
});

const broken: FaultCause = {
  kind: 'bad-captions',
  file: 'broken.csv',
  problem: 'Row 3: no caption.',
};
const FILES: Record<string, CaptionFile> = {
  'refs.json': captionFile(image('a.jpg'), image('b.jpg')),
  'results.json': captionFile(image('b.jpg')),
  'others.json': captionFile(image('z.jpg')),
  'several.json': captionFile(image('a.jpg'), { ...image('b.jpg'), texts: ['x', 'y'] }),
  'karpathy.json': captionFile(image('a.jpg', 'train'), image('b.jpg', 'test')),
};

const judgedAs = (caption: string): JudgedImage => ({
  caption,
  clip: undefined,
  likelihood: { nats: 1, tokens: 1 },
  attributes: undefined,
});

function setUp({ withNetworks = true, judging = {} as Partial<JudgingApi> } = {}) {
  const store = createEvaluateStore();
  const asked: ImageToJudge[][] = [];
  const scored: string[][] = [];
  const saved: string[] = [];
  const seen: string[] = [];
  store.subscribe(({ activity }) => void (seen.at(-1) !== activity && seen.push(activity)));
  const captions: CaptionsWork = {
    read: async ({ name }) => {
      const value = FILES[name];
      return value ? { ok: true, value } : { ok: false, fault: broken };
    },
    score: async (images) => {
      scored.push(images.map(({ caption }) => caption));
      const scores = { bleu: [1, 1, 1, 1], rougeL: 1, ciderD: 1 };
      const value: ScoredTexts = {
        set: { ...scores, distinct: [1, 1, 1, 1], words: 3 },
        images: images.map(() => scores),
      };
      return { ok: true, value };
    },
  };
  const networks: JudgingApi = {
    scenes: async () => ({
      ok: true,
      value: [{ index: 0, image: new Blob(), references: ['a red star at the top .'] }],
    }),
    judge: async (images) => {
      asked.push(images);
      return {
        ok: true,
        value: {
          images: images.map(({ caption }) => judgedAs(caption ?? 'written')),
          updates: { first: 5, last: 6 },
        },
      };
    },
    cancel: async () => ({ ok: true, value: null }),
    ...judging,
  };
  const commands = createEvaluateCommands(store, {
    photos: createPhotosStore(),
    captions,
    judging: () => (withNetworks ? networks : undefined),
    pair: () => BUNDLED_PAIR,
    save: (name) => void saved.push(name),
    now: () => new Date(0),
  });
  return { store, commands, asked, scored, saved, seen };
}

const file = (name: string) => new File([], name);

it('evaluates the bundled world’s scenes where no references are given', async () => {
  const { store, commands, scored, seen, saved } = setUp();
  commands.save('csv', toCsv);
  expect(saved).toEqual([]);
  await commands.run();
  expect(seen).toEqual(['judging', 'scoring', 'idle']);
  expect(scored).toEqual([['written']]);
  expect(store.getState().report).toMatchObject({
    provenance: {
      references: undefined,
      updates: { first: 5, last: 6 },
      at: '1970-01-01T00:00:00.000Z',
    },
    rows: [{ name: 'Scene 1', caption: 'written' }],
  });
  commands.save('csv', toCsv);
  commands.save('json', toJson);
  expect(saved).toEqual(['esper-evaluation.csv', 'esper-evaluation.json']);
});

it('has the model caption the pictures that the references name', async () => {
  const { store, commands, asked } = setUp();
  await commands.take([file('b.jpg'), file('refs.json')]);
  await commands.run();
  expect(asked[0]).toMatchObject([{ caption: undefined, picture: { of: 'file' } }]);
  expect(store.getState().report).toMatchObject({
    rows: [{ id: 'b.jpg', caption: 'written' }],
    leftOut: { withoutPicture: 1 },
    provenance: { references: 'refs.json', captions: undefined },
  });
});

it('judges the captions of a second file, without networks on texts alone', async () => {
  const { store, commands, asked, scored } = setUp({ withNetworks: false });
  await commands.take([file('refs.json'), file('results.json')]);
  await commands.run();
  expect(asked).toEqual([]);
  expect(scored).toEqual([['text of b.jpg']]);
  const { report } = store.getState();
  expect(report?.provenance).toMatchObject({ captions: 'results.json', updates: undefined });
  expect(report?.set.perplexity).toBeUndefined();
  expect(report?.leftOut).toEqual({ withoutCaption: 1, withoutPicture: 0 });
  commands.removeCaptions();
  expect(store.getState()).toMatchObject({ captions: undefined, report: undefined });
});

it('begins with the split that results are published on', async () => {
  const { store, commands, asked } = setUp();
  await commands.take([file('a.jpg'), file('b.jpg'), file('karpathy.json')]);
  expect(store.getState().split).toBe('test');
  await commands.run();
  commands.setSplit(undefined);
  await commands.run();
  expect(asked.map(({ length }) => length)).toEqual([1, 2]);
});

describe('what fails is told, and nothing is lost', () => {
  it('a broken file leaves the references that were there', async () => {
    const { store, commands } = setUp();
    await commands.addReferences(file('refs.json'));
    await commands.addReferences(file('broken.csv'));
    expect(store.getState()).toMatchObject({
      references: { name: 'refs.json' },
      fault: broken,
      activity: 'idle',
    });
  });

  it.each([
    [['refs.json'], /None of the 2 images of refs\.json was found by name/],
    [['refs.json', 'others.json'], /None of the 2 images of refs\.json is in the file of captions/],
  ])('%j have nothing to evaluate', async (names, problem) => {
    const { store, commands } = setUp();
    await commands.take(names.map(file));
    await commands.run();
    const { fault, report } = store.getState();
    expect(report).toBeUndefined();
    expect(fault).toMatchObject({
      kind: 'nothing-to-evaluate',
      problem: expect.stringMatching(problem),
    });
  });

  it('a file with several captions of an image is not one to judge', async () => {
    const { store, commands } = setUp();
    await commands.take([file('refs.json'), file('several.json')]);
    expect(store.getState()).toMatchObject({
      captions: undefined,
      fault: {
        file: 'several.json',
        problem: expect.stringContaining('Image b.jpg has 2 captions'),
      },
    });
  });

  it('models without scenes ask for references', async () => {
    const { store, commands } = setUp({
      judging: { scenes: async () => ({ ok: true, value: [] }) },
    });
    await commands.run();
    expect(store.getState().fault?.kind).toBe('nothing-to-evaluate');
  });

  it('pictures that cannot be judged are left out and told', async () => {
    const bad: FaultCause = { kind: 'bad-image', file: 'a.jpg', problem: 'x' };
    const { store, commands, scored } = setUp({
      judging: {
        judge: async () => ({
          ok: true,
          value: { images: [{ fault: bad }, judgedAs('a dog')], updates: { first: 0, last: 0 } },
        }),
      },
    });
    await commands.take([file('a.jpg'), file('b.jpg'), file('refs.json')]);
    await commands.run();
    expect(scored).toEqual([['a dog']]);
    expect(store.getState().report).toMatchObject({ faults: [bad], rows: [{ id: 'b.jpg' }] });
  });
});

it('ends when it is cancelled, even if the worker never answers', async () => {
  let cancelled = 0;
  const { store, commands } = setUp({
    judging: {
      judge: (_images, tell) => {
        tell(3, 9);
        return new Promise(() => {});
      },
      cancel: async () => {
        cancelled++;
        return { ok: true, value: null };
      },
    },
  });
  const running = commands.run();
  await expect.poll(() => store.getState().progress).toEqual({ done: 3, of: 9 });
  commands.cancel();
  await running;
  expect(cancelled).toBe(1);
  expect(store.getState()).toMatchObject({
    activity: 'idle',
    progress: undefined,
    report: undefined,
  });
});
