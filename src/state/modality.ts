/** What the models of the run take, and the page's words for it: texts are written of pictures. */
import { worldOfRepository, type Pair } from '../esper/pair';
import type { EncoderNews } from '../worker/protocol';

export type Modality = EncoderNews['modality'];

/** Before an encoder's files have told, its world tells; a hub's is taken for a CLIP until then. */
export function modalityOf(encoder: EncoderNews | undefined, { clip }: Pair): Modality {
  return encoder?.modality ?? (worldOfRepository(clip) === 'sounds' ? 'sound' : 'picture');
}

/** In pairs: of pictures, of sounds. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:picture|photo)(s?)\b/g, 'sound$1'],
  [/\b(?:Picture|Photo)(s?)\b/g, 'Sound$1'],
  [/\bCLIP\b/g, 'CLAP'],
  [/\bLooking\b/g, 'Listening'],
  [/\blook(s?|ed) at\b/g, 'listen$1 to'],
  [/\blearns to see\b/g, 'learns to hear'],
  [/\bsees\b/g, 'hears'],
];

/** A text of the page, of pictures as it is written, or of sounds. */
export const inWordsOf = (modality: Modality, text: string): string =>
  modality === 'picture'
    ? text
    : WORDS.reduce((said, [word, other]) => said.replace(word, other), text);
