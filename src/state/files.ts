/** What a dropped, pasted or picked file is for, by its name and type. */
import type { FaultCause } from '../faults';
import type { Modality } from './modality';

/** Files split into pictures, sounds, prefix weights, texts, and what the page has no use for. */
export interface SortedFiles {
  pictures: File[];
  sounds: File[];
  prefixes: File[];
  /** Texts, one a line. */
  texts: File[];
  others: File[];
}

const PICTURE_NAME = /\.(png|jpe?g|webp|gif|bmp|avif)$/i;
const SOUND_NAME = /\.(wav|mp3|ogg|oga|opus|flac|m4a|aac|weba)$/i;
const PREFIX_NAME = /\.safetensors$/i;
const PYTORCH_NAME = /\.(pt|pth|ckpt|bin)$/i;
const TEXTS_NAME = /\.txt$/i;
const CAPTIONS_NAME = /\.(jsonl?|ndjson|csv|tsv)$/i;

export const isPicture = ({ name, type }: File): boolean =>
  type.startsWith('image/') || PICTURE_NAME.test(name);

export const isSound = ({ name, type }: Pick<File, 'name' | 'type'>): boolean =>
  type.startsWith('audio/') || SOUND_NAME.test(name);

/** Of references or of captions to judge. */
export const isCaptionFile = ({ name }: File): boolean => CAPTIONS_NAME.test(name);

export function sortFiles(files: readonly File[]): SortedFiles {
  const sorted: SortedFiles = { pictures: [], sounds: [], prefixes: [], texts: [], others: [] };
  for (const file of files) {
    if (PREFIX_NAME.test(file.name)) sorted.prefixes.push(file);
    else if (TEXTS_NAME.test(file.name)) sorted.texts.push(file);
    else if (isPicture(file)) sorted.pictures.push(file);
    else if (isSound(file)) sorted.sounds.push(file);
    else sorted.others.push(file);
  }
  return sorted;
}

/** What is said of a file that the page has no use for, while its models take pictures or sounds. */
export function refusalOf({ name, type }: File, modality: Modality): FaultCause {
  const kind = modality === 'sound' ? 'bad-sound' : 'bad-image';
  if (!PYTORCH_NAME.test(name))
    return { kind, file: name, problem: `Its type is ${type || 'unknown'}.` };
  const problem =
    'It is PyTorch’s own format, which can hold programs and is not opened here. convert.py, in the zip of “Continue in PyTorch”, makes a safetensors file of it.';
  return { kind: 'bad-file', file: name, problem };
}
