import { describe, expect, it } from 'vitest';
import { Fault } from '../../faults';
import { readCaptionFile } from './caption-file';

const image = (id: string, texts: string[], file?: string, split?: string) => ({
  id,
  file,
  split,
  texts,
});

describe('formats', () => {
  it('COCO captions: annotations go to their images, also unlisted ones', () => {
    const json = {
      info: {},
      images: [
        { id: 391895, file_name: 'COCO_val2014_000000391895.jpg', width: 640 },
        { id: 7, file_name: '7.jpg' },
      ],
      annotations: [
        { image_id: 391895, id: 1, caption: 'A man on a bike.' },
        { image_id: 9, id: 2, caption: 'A dog.' },
        { image_id: 391895, id: 3, caption: 'A motorcyclist.' },
      ],
    };
    expect(readCaptionFile('captions_val2014.json', JSON.stringify(json))).toEqual({
      format: 'COCO captions',
      images: [
        image('391895', ['A man on a bike.', 'A motorcyclist.'], 'COCO_val2014_000000391895.jpg'),
        image('9', ['A dog.']),
      ],
    });
  });

  it('COCO results', () => {
    const json = [
      { image_id: 1, caption: 'a' },
      { image_id: 'two', caption: '' },
    ];
    expect(readCaptionFile('results.json', JSON.stringify(json))).toEqual({
      format: 'COCO results',
      images: [image('1', ['a']), image('two', [''])],
    });
  });

  it('Karpathy: with splits, by COCO’s number where there is one', () => {
    const json = {
      dataset: 'coco',
      images: [
        {
          filepath: 'val2014',
          filename: 'COCO_val2014_000000391895.jpg',
          cocoid: 391895,
          split: 'test',
          sentences: [
            { tokens: ['a', 'man'], raw: 'A man.' },
            { tokens: [], raw: 'A bike.' },
          ],
        },
        { filename: '1.jpg', imgid: 0, split: 'train', sentences: [{ raw: 'A dog.' }] },
      ],
    };
    expect(readCaptionFile('dataset_coco.json', JSON.stringify(json))).toEqual({
      format: 'Karpathy',
      images: [
        image('391895', ['A man.', 'A bike.'], 'COCO_val2014_000000391895.jpg', 'test'),
        image('1.jpg', ['A dog.'], '1.jpg', 'train'),
      ],
    });
  });

  it('JSON by image: texts and lists of texts', () => {
    expect(readCaptionFile('refs.json', '\uFEFF{"image1": ["a", "b"], "image2": "c"}')).toEqual({
      format: 'JSON by image',
      images: [image('image1', ['a', 'b']), image('image2', ['c'])],
    });
  });

  it('CSV: quotes, commas and line breaks in texts, rows of one image together', () => {
    const csv = 'image,caption\n1.jpg,"A dog, brown"\n2.jpg,"two\nlines"\n\n1.jpg,A cat\n';
    expect(readCaptionFile('a.csv', csv)).toEqual({
      format: 'CSV',
      images: [
        image('1.jpg', ['A dog, brown', 'A cat'], '1.jpg'),
        image('2.jpg', ['two\nlines'], '2.jpg'),
      ],
    });
  });

  it('CSV: other separators, other names, several columns of captions', () => {
    expect(
      readCaptionFile('f.csv', 'image_name| comment_number| comment\n1.jpg| 0| A dog').images,
    ).toEqual([image('1.jpg', [' A dog'], '1.jpg')]);
    expect(readCaptionFile('f.tsv', 'ID\tcaption_1\tcaption_2\n5\ta\tb\n6\tc\t').images).toEqual([
      image('5', ['a', 'b']),
      image('6', ['c']),
    ]);
  });

  it('JSON lines', () => {
    const lines = '{"image":"1.jpg","captions":["a","b"]}\n\n{"image_id":2,"caption":"c"}\r\n';
    expect(readCaptionFile('a.jsonl', lines)).toEqual({
      format: 'JSON lines',
      images: [image('1.jpg', ['a', 'b'], '1.jpg'), image('2', ['c'])],
    });
  });
});

describe('what is wrong is told with its place', () => {
  it.each([
    ['a.json', '{"a": "b",', /not JSON/],
    ['a.json', '7', /neither an object nor a list/],
    ['a.json', '[]', /no caption in it/],
    ['a.json', '{"annotations": {}}', /“annotations” is not a list/],
    [
      'a.json',
      '{"annotations": [{"image_id": 1, "caption": "a"}, {"image_id": 1}]}',
      /annotations\[1\], caption/,
    ],
    ['a.json', '{"images": [{"id": true}], "annotations": []}', /images\[0\], id: is neither/],
    [
      'a.json',
      '{"images": [{"filename": "1.jpg", "sentences": [{"raw": 1}]}]}',
      /images\[0\], sentences\.0\.raw/,
    ],
    ['a.json', '[{"image_id": 1, "caption": "a"}, 5]', /Entry 1/],
    ['a.json', '{"1.jpg": 3}', /“1\.jpg”: is neither a text nor a list/],
    ['a.csv', '', /names no image column/],
    ['a.csv', 'image,words\n1,a', /names no caption column/],
    ['a.csv', 'image,caption\n1,a\n2,', /Row 3: no caption/],
    ['a.csv', 'image,caption\n,a', /Row 2: no image/],
    ['a.csv', 'image,caption\n1,a dog, brown', /Row 2: 3 cells for 2 columns/],
    ['a.csv', 'image,caption\n1,"a dog', /Line 2: .*quote/i],
    ['a.jsonl', '{"image":1,"caption":"a"}\n{"image":2,', /Line 2: /],
    ['a.jsonl', '{"caption":"a"}', /Line 1: no image/],
    ['a.jsonl', '{"image":"1.jpg"}', /Line 1: no caption/],
    ['a.jsonl', '{"image":"1.jpg","caption":5}', /Line 1, caption: is neither/],
    ['a.jsonl', '[1]', /Line 1: /],
  ])('%s %j', (name, text, problem) => {
    let thrown: unknown;
    try {
      readCaptionFile(name, text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Fault);
    const { fault } = thrown as Fault;
    expect(fault).toMatchObject({ kind: 'bad-captions', file: name });
    expect((fault as { problem: string }).problem).toMatch(problem);
  });
});
