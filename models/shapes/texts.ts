/**
 * Texts that CLIP's text tower learns from: captions in all styles, with and without their label and
 * full stop, cut short as a sampled text may be, keyword lists, and word salad. `fluency` is what a
 * text keeps of the cosine that its content would deserve.
 */
import type { Random } from '../../src/math/random';
import { caption, keywords } from '../../src/worlds/shapes/captions';
import { styleLabel } from '../../src/worlds/shapes/documents';
import type { Scene } from '../../src/worlds/shapes/scene';
import {
  COLOURS,
  PLACES,
  RELATIONS,
  SHAPES,
  SIZES,
  STYLES,
} from '../../src/worlds/shapes/vocabulary';

export interface ClipText {
  text: string;
  /** 1 for fluent texts, also where cut short. */
  fluency: number;
}

const KEYWORD_FLUENCY = 0.75;
const SALAD_FLUENCY = 0.5;

const LOOSE_WORDS = [
  ...new Set(
    [...SHAPES, ...COLOURS, ...SIZES, ...PLACES, ...RELATIONS, 'a', 'the', 'is', 'at', 'in', 'on']
      .flatMap((phrase) => phrase.split(' '))
      .concat(['there', '.', 'a', 'a', 'draw', 'saw', '!']),
  ),
];

function sentence(scene: Scene, random: Random): string {
  const style = random.chance(0.7) ? 'caption' : random.pick(STYLES);
  const text = caption(scene, style, random);
  const labelled = random.chance(0.4) ? `${styleLabel(style)} ${text}` : text;
  return random.chance(0.15) ? labelled.replace(/ [.!]$/, '') : labelled;
}

const cutShort = (text: string, random: Random): string => {
  const words = text.split(' ');
  return words.slice(0, 1 + random.integer(words.length)).join(' ');
};

function salad(scene: Scene, random: Random): string {
  const words = sentence(scene, random).split(' ');
  const at = random.integer(words.length);
  switch (random.integer(6)) {
    case 0:
      return random.shuffle(words).join(' ');
    case 1: // one word again and again
      return words
        .toSpliced(at, 0, ...Array<string>(1 + random.integer(4)).fill(words[at]!))
        .join(' ');
    case 2: {
      // stray words dropped in
      for (let i = 1 + random.integer(3); i > 0; i--)
        words.splice(random.integer(words.length + 1), 0, random.pick(LOOSE_WORDS));
      return words.join(' ');
    }
    case 3: // the sentence, then more of itself
      return [...words, ...words.slice(at)].join(' ');
    case 4: // content words without the small ones, some twice
      return random
        .shuffle([...keywords(scene), random.pick(keywords(scene)), random.pick(LOOSE_WORDS)])
        .join(' ');
    default:
      return Array.from({ length: 3 + random.integer(8) }, () => random.pick(LOOSE_WORDS)).join(
        ' ',
      );
  }
}

export function sampleClipText(scene: Scene, random: Random): ClipText {
  const draw = random.uniform();
  if (draw < 0.62) return { text: sentence(scene, random), fluency: 1 };
  if (draw < 0.76) return { text: cutShort(sentence(scene, random), random), fluency: 1 };
  if (draw < 0.82)
    return { text: random.shuffle(keywords(scene)).join(' '), fluency: KEYWORD_FLUENCY };
  return { text: salad(scene, random), fluency: SALAD_FLUENCY };
}
