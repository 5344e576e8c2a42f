/**
 * Reads a text of the shapes world back: which objects it speaks of, where, in what relation.
 * Tolerant of any text (a policy in training writes nonsense): what it does not know, it skips.
 */
import {
  COLOURS,
  PLACES,
  RELATIONS,
  SHAPES,
  SIZES,
  type Colour,
  type Place,
  type Relation,
  type Shape,
  type Size,
} from './vocabulary';

/** An object as far as the text names it; a trailing "a small red" is a mention without a shape. */
export interface Mention {
  size?: Size;
  colour?: Colour;
  shape?: Shape;
}

export interface Reading {
  mentions: readonly Mention[];
  places: readonly Place[];
  /** What the first mention is to the next one. */
  relations: readonly Relation[];
  /** True where an object is given two sizes or two colours, or the same word twice in a row. */
  garbled: boolean;
}

function find<T extends string>(words: readonly T[], text: string): T | undefined {
  return words.find((word) => word === text);
}

/** The longest of `phrases` (one or two words) that starts at word `i`. */
function findPhrase<T extends string>(
  phrases: readonly T[],
  words: readonly string[],
  i: number,
): T | undefined {
  const two = words.slice(i, i + 2).join(' ');
  return find(phrases, two) ?? find(phrases, words[i]!);
}

export function readText(text: string): Reading {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const mentions: Mention[] = [];
  const places: Place[] = [];
  const relations: Relation[] = [];
  let garbled = words.some((word, i) => i > 0 && word === words[i - 1]);
  let open: Mention = {};
  const close = (): void => {
    if (Object.keys(open).length > 0) mentions.push(open);
    open = {};
  };
  /** A second size or colour before the shape: what was open is a mention of its own. */
  const contradict = (): void => {
    garbled = true;
    close();
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const size = find(SIZES, word);
    const colour = find(COLOURS, word);
    const shape = find(SHAPES, word);
    const relation = findPhrase(RELATIONS, words, i);
    const place = findPhrase(PLACES, words, i);
    if (size) {
      if (open.size) contradict();
      open.size = size;
    } else if (colour) {
      if (open.colour) contradict();
      open.colour = colour;
    } else if (shape) {
      open.shape = shape;
      close();
    } else if (relation) {
      close();
      relations.push(relation);
      i += relation.split(' ').length - 1;
    } else if (place) {
      close();
      places.push(place);
      i += place.split(' ').length - 1;
    }
  }
  close();
  return { mentions, places, relations, garbled };
}
