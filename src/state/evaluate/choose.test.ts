import { describe, expect, it } from 'vitest';
import type { CaptionFile, CaptionsOfImage } from '../../worker/captions-protocol';
import { chooseImages, splitsOf, type Sources } from './choose';

const image = (id: string, file?: string, split?: string): CaptionsOfImage => ({
  id,
  file,
  split,
  texts: [`a ${id}`],
});
const captionFile = (...images: CaptionsOfImage[]): CaptionFile => ({
  format: 'COCO captions',
  images,
});
const sources = (references: CaptionFile, rest: Partial<Sources> = {}): Sources => ({
  references,
  split: undefined,
  captions: undefined,
  pictures: [],
  photos: [],
  thumbnails: new Map(),
  trainsOnPhotos: false,
  ...rest,
});
const picture = (name: string) => new File([], name);
const photo = (name: string, isSeen = true) => ({
  hash: `#${name}`,
  name,
  isSeen,
  isHeldOut: false,
});

const pictureOf = (references: CaptionsOfImage, rest: Partial<Sources>) =>
  chooseImages(sources(captionFile(references), rest)).images[0]?.picture;

describe('a picture is found', () => {
  it.each([
    ['by its file, whatever folder and case', image('1', 'val2014/Dog.JPG'), 'dog.jpg'],
    ['by the file without its ending', image('image1'), 'image1.png'],
    ['by COCO’s number in its name', image('391895'), 'COCO_val2014_000000391895.jpg'],
    ['by a name that is COCO’s number', image('391895'), '000000391895.jpg'],
    ['of another release of COCO', image('5', 'COCO_val2014_000000000005.jpg'), '000000000005.jpg'],
  ])('%s', (_, references, name) => {
    expect(pictureOf(references, { photos: [photo(name)] })).toEqual({
      of: 'photo',
      hash: `#${name}`,
    });
  });

  it('not by a number that merely occurs in it', () => {
    expect(pictureOf(image('12'), { photos: [photo('IMG_0012.jpg')] })).toBeUndefined();
  });

  it('not among photos that CLIP has not seen', () => {
    expect(pictureOf(image('dog.jpg'), { photos: [photo('dog.jpg', false)] })).toBeUndefined();
  });

  it('first among those given with the references', () => {
    const given = picture('dog.jpg');
    const found = pictureOf(image('dog.jpg'), { photos: [photo('dog.jpg')], pictures: [given] });
    expect(found).toEqual({ of: 'file', data: given });
  });
});

it('says which pictures the run trains on', () => {
  const photos = [photo('a.jpg'), { ...photo('b.jpg'), isHeldOut: true }];
  const references = captionFile(image('a.jpg'), image('b.jpg'), image('c.jpg'));
  const trainedOn = (trainsOnPhotos: boolean) =>
    chooseImages(
      sources(references, { photos, pictures: [picture('c.jpg')], trainsOnPhotos }),
    ).images.map(({ isTrainedOn }) => isTrainedOn);
  expect(trainedOn(true)).toEqual([true, false, false]);
  expect(trainedOn(false)).toEqual([false, false, false]);
});

it('leaves images out that have no picture, and says how many', () => {
  const references = captionFile(image('a.jpg'), image('b.jpg'), image('c.jpg'));
  const { images, leftOut } = chooseImages(sources(references, { pictures: [picture('b.jpg')] }));
  expect(images.map(({ id }) => id)).toEqual(['b.jpg']);
  expect(leftOut).toEqual({ withoutCaption: 0, withoutPicture: 2 });
});

it('with captions of another file takes the images that it has, pictures or not', () => {
  const references = captionFile(
    image('391895', 'COCO_val2014_000000391895.jpg'),
    image('7'),
    image('8'),
  );
  const captions = captionFile(image('391895'), image('8'), image('99'));
  const { images, leftOut } = chooseImages(
    sources(references, { captions, photos: [photo('8.jpg')] }),
  );
  expect(images).toMatchObject([
    {
      id: '391895',
      name: 'COCO_val2014_000000391895.jpg',
      caption: 'a 391895',
      picture: undefined,
    },
    { id: '8', caption: 'a 8', picture: { of: 'photo', hash: '#8.jpg' } },
  ]);
  expect(leftOut).toEqual({ withoutCaption: 1, withoutPicture: 0 });
});

it('takes one split alone', () => {
  const references = captionFile(
    image('1', '1.jpg', 'train'),
    image('2', '2.jpg', 'test'),
    image('3', '3.jpg', 'test'),
  );
  expect([...splitsOf(references)]).toEqual([
    ['train', 1],
    ['test', 2],
  ]);
  const pictures = ['1.jpg', '2.jpg', '3.jpg'].map(picture);
  const { images, leftOut } = chooseImages(sources(references, { split: 'test', pictures }));
  expect(images.map(({ id }) => id)).toEqual(['2', '3']);
  expect(leftOut.withoutPicture).toBe(0);
});
