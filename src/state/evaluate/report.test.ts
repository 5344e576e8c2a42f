import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import type { TextScores } from '../../worker/captions-protocol';
import type { JudgedImage, NamedRight } from '../../worker/judging-protocol';
import type { ChosenImage } from './choose';
import { toCsv, toJson } from './export';
import { figureText, IMAGE_FIGURES, shareText } from './figures';
import { type Captioned, reportOf } from './report';
import { sorted } from './sort';

const image = (id: string): ChosenImage => ({
  id,
  name: `${id}.jpg`,
  references: ['a dog', 'a "big" dog, brown'],
  caption: undefined,
  picture: undefined,
  thumbnail: new Blob(),
  isTrainedOn: false,
});
const judged = (nats: number, tokens: number, clipScore?: number, right?: boolean): JudgedImage => {
  const attributes: NamedRight = { colour: right!, shape: true, size: false, place: right! };
  return {
    caption: '',
    clip: clipScore === undefined ? undefined : { cosine: 0, clipScore, refClipScore: 0.5 },
    likelihood: { nats, tokens },
    attributes: right === undefined ? undefined : attributes,
  };
};
const texts = (ciderD: number): TextScores => ({ bleu: [0.4, 0.3, 0.2, 0.1], rougeL: 0.6, ciderD });

const captioned: Captioned[] = [
  { image: image('2'), caption: 'a dog', judged: judged(4, 2, 0.8, true) },
  { image: image('10'), caption: '=SUM(A1)', judged: judged(2, 4, 0.6, false) },
  { image: image('1'), caption: '', judged: judged(0, 0) },
];
const report = reportOf(
  captioned,
  {
    set: { ...texts(2), distinct: [0.5, 0.9, 1, 1], words: 1.5 },
    images: [texts(1), texts(3), texts(2)],
  },
  {
    provenance: {
      references: 'r.json',
      split: undefined,
      captions: undefined,
      updates: { first: 3, last: 4 },
      lm: 'shapes/gpt2',
      clip: 'shapes/clip',
      at: '2026-11-25T00:00:00.000Z',
    },
    leftOut: { withoutCaption: 0, withoutPicture: 2 },
    faults: [],
  },
);

it('takes the set’s own figures, and means over the images that have one', () => {
  expect(report.set).toMatchObject({
    bleu4: 0.1,
    ciderD: 2,
    distinct2: 0.9,
    words: 1.5,
    refClipScore: 0.5,
  });
  expect(report.attributes).toEqual({ colour: 0.5, shape: 1, size: 0, place: 0.5 });
  expect(report.set.clipScore).toBeCloseTo(0.7, 12);
  // Of all six tokens together.
  expect(report.set.perplexity).toBeCloseTo(Math.E, 12);
});

it('gives an image no figure that it has not', () => {
  expect(report.rows[0]!.figures.perplexity).toBeCloseTo(Math.exp(2), 12);
  expect(report.rows[2]!.figures).toMatchObject({ clipScore: undefined, perplexity: undefined });
  expect(figureText('clipScore', undefined)).toBe('–');
  expect(figureText('bleu4', 0.12345)).toBe('0.1235');
  expect(shareText(0.98)).toBe('98.0 %');
  expect(figureText('perplexity', 428_645.4)).toBe('428,645');
});

it('sorts by any column, rows without a value last', () => {
  const by = (column: Parameters<typeof sorted>[1]['column'], isAscending: boolean) =>
    sorted(report.rows, { column, isAscending }).map(({ id }) => id);
  expect(by('ciderD', true)).toEqual(['2', '1', '10']);
  expect(by('clipScore', true)).toEqual(['10', '2', '1']);
  expect(by('clipScore', false)).toEqual(['2', '10', '1']);
  expect(by('name', true)).toEqual(['1', '2', '10']);
  expect(by('attributes', false)).toEqual(['2', '10', '1']);
});

describe('export', () => {
  it('writes CSV that reads back, and no formula', () => {
    const { data, errors } = Papa.parse<Record<string, string>>(toCsv(report), {
      header: true,
      skipEmptyLines: true,
    });
    expect(errors).toEqual([]);
    expect(Object.keys(data[0]!)).toEqual(
      ['id', 'image', 'caption', 'references', ...IMAGE_FIGURES].concat(
        'colour',
        'shape',
        'size',
        'place',
      ),
    );
    expect(data).toHaveLength(3);
    expect(data[0]).toMatchObject({
      image: '2.jpg',
      references: 'a dog | a "big" dog, brown',
      ciderD: '1',
      colour: '1',
      size: '0',
    });
    expect(data[1]!['caption']).toBe("'=SUM(A1)");
    expect(data[2]).toMatchObject({ clipScore: '', colour: '' });
  });

  it('writes JSON with everything but the pictures', () => {
    const json = JSON.parse(toJson(report));
    expect(json).toMatchObject({
      provenance: { references: 'r.json', updates: { first: 3, last: 4 } },
      set: { ciderD: 2 },
      leftOut: { withoutPicture: 2 },
    });
    expect(json.images).toHaveLength(3);
    expect(json.images[1]).toMatchObject({ id: '10', caption: '=SUM(A1)', figures: { ciderD: 3 } });
    expect(json.images[1]).not.toHaveProperty('thumbnail');
  });
});
