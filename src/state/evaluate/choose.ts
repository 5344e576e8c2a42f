/**
 * Which images are evaluated: those of the references, with the pictures and the captions that belong to
 * them by the file's name or by COCO's number in it.
 */
import type { CaptionFile, CaptionsOfImage } from '../../worker/captions-protocol';
import type { PictureToJudge, SceneReferences } from '../../worker/judging-protocol';
import type { PhotoRow } from '../../worker/protocol';

export interface ChosenImage {
  id: string;
  /** What people know it by. */
  name: string;
  references: string[];
  /** Undefined where the model is to write it. */
  caption: string | undefined;
  picture: PictureToJudge | undefined;
  thumbnail: Blob | undefined;
  /** A photo that the run draws from: its figures say less. */
  isTrainedOn: boolean;
}

export interface Choice {
  images: ChosenImage[];
  /** Images of the references that cannot be evaluated: nothing says anything of them. */
  leftOut: { withoutCaption: number; withoutPicture: number };
}

/** What is there to evaluate with. */
export interface Sources {
  references: CaptionFile;
  /** Only images of this one, where the file has splits. */
  split: string | undefined;
  /** Captions to judge instead of the model's. */
  captions: CaptionFile | undefined;
  pictures: readonly File[];
  photos: readonly PhotoRow[];
  thumbnails: ReadonlyMap<string, Blob>;
  /** The run draws from the photos that are not held out. */
  trainsOnPhotos: boolean;
}

type Picture = Pick<ChosenImage, 'thumbnail' | 'isTrainedOn'> & { picture: PictureToJudge };

/**
 * What a name can be found by, the surest first: the file, the file without its ending, and COCO's number as
 * in "COCO_val2014_000000391895.jpg" or "391895".
 */
function* keysOf(name: string | undefined): Generator<string> {
  const file = name?.split(/[\\/]/).at(-1)?.toLowerCase();
  if (!file) return;
  yield file;
  const stem = file.replace(/\.[a-z]{3,4}$/, '');
  yield stem;
  const number = /^(?:coco_\w+_)?0*(\d+)$/.exec(stem)?.[1];
  if (number !== undefined) yield `#${number}`;
}

class ByName<T> {
  readonly #found = new Map<string, T>();

  add(names: readonly (string | undefined)[], value: T): void {
    for (const name of names)
      for (const key of keysOf(name)) if (!this.#found.has(key)) this.#found.set(key, value);
  }

  find({ id, file }: CaptionsOfImage): T | undefined {
    // Of 40,000 images of COCO most are looked for in vain.
    if (this.#found.size === 0) return undefined;
    for (const name of [id, file])
      for (const key of keysOf(name)) {
        const found = this.#found.get(key);
        if (found !== undefined) return found;
      }
    return undefined;
  }
}

/** How many images each split has, in the order of the file; empty where it has none. */
export function splitsOf(file: CaptionFile): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { split } of file.images)
    if (split !== undefined) counts.set(split, (counts.get(split) ?? 0) + 1);
  return counts;
}

export function chooseImages(sources: Sources): Choice {
  const { references, split, captions, photos, thumbnails } = sources;
  const pictures = new ByName<Picture>();
  for (const data of sources.pictures)
    pictures.add([data.name], {
      picture: { of: 'file', data },
      thumbnail: data,
      isTrainedOn: false,
    });
  for (const { hash, name, isSeen, isHeldOut } of photos)
    if (isSeen)
      pictures.add([name], {
        picture: { of: 'photo', hash },
        thumbnail: thumbnails.get(hash),
        isTrainedOn: sources.trainsOnPhotos && !isHeldOut,
      });
  const given = new ByName<string>();
  for (const { id, file, texts } of captions?.images ?? []) given.add([file, id], texts[0]!);

  const choice: Choice = { images: [], leftOut: { withoutCaption: 0, withoutPicture: 0 } };
  for (const image of references.images) {
    if (split !== undefined && image.split !== split) continue;
    const found = pictures.find(image);
    const caption = captions && given.find(image);
    if (captions && caption === undefined) choice.leftOut.withoutCaption++;
    else if (!captions && !found) choice.leftOut.withoutPicture++;
    else
      choice.images.push({
        id: image.id,
        name: image.file ?? image.id,
        references: image.texts,
        caption,
        picture: found?.picture,
        thumbnail: found?.thumbnail,
        isTrainedOn: found?.isTrainedOn ?? false,
      });
  }
  return choice;
}

/** Scenes are their own references. */
export const chosenScenes = (scenes: readonly SceneReferences[]): ChosenImage[] =>
  scenes.map(({ index, image, references }) => ({
    id: String(index),
    name: `Scene ${index + 1}`,
    references,
    caption: undefined,
    picture: { of: 'scene', index },
    thumbnail: image,
    isTrainedOn: false,
  }));
