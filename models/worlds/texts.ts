/**
 * Texts that a world's text tower learns from: captions in all styles, with and without their label and
 * full stop, cut short as a sampled text may be, keyword lists, and word salad. `fluency` is what a
 * text keeps of the cosine that its content would deserve.
 */
import type { Random } from '../../src/math/random';
import { styleLabel, STYLES, type Style } from '../../src/worlds/styles';

export interface WorldText {
  text: string;
  /** 1 for fluent texts, also where cut short. */
  fluency: number;
}

/** What a world says of its scenes. */
export interface Teller<Scene> {
  caption(scene: Scene, style: Style, random: Random): string;
  keywords(scene: Scene): string[];
  /** Single words and marks that salad is made of. */
  looseWords: readonly string[];
}

const KEYWORD_FLUENCY = 0.75;
const SALAD_FLUENCY = 0.5;

/** The words of the phrases, each once. */
export const looseWords = (...phrases: readonly string[]): string[] => [
  ...new Set(phrases.flatMap((phrase) => phrase.split(' '))),
];

function sentence<Scene>(teller: Teller<Scene>, scene: Scene, random: Random): string {
  const style = random.chance(0.7) ? 'caption' : random.pick(STYLES);
  const text = teller.caption(scene, style, random);
  const labelled = random.chance(0.4) ? `${styleLabel(style)} ${text}` : text;
  return random.chance(0.15) ? labelled.replace(/ [.!]$/, '') : labelled;
}

const cutShort = (text: string, random: Random): string => {
  const words = text.split(' ');
  return words.slice(0, 1 + random.integer(words.length)).join(' ');
};

function salad<Scene>(teller: Teller<Scene>, scene: Scene, random: Random): string {
  const words = sentence(teller, scene, random).split(' ');
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
        words.splice(random.integer(words.length + 1), 0, random.pick(teller.looseWords));
      return words.join(' ');
    }
    case 3: // the sentence, then more of itself
      return [...words, ...words.slice(at)].join(' ');
    case 4: {
      // content words without the small ones, some twice
      const content = teller.keywords(scene);
      return random
        .shuffle([...content, random.pick(content), random.pick(teller.looseWords)])
        .join(' ');
    }
    default:
      return Array.from({ length: 3 + random.integer(8) }, () =>
        random.pick(teller.looseWords),
      ).join(' ');
  }
}

export function sampleText<Scene>(teller: Teller<Scene>, scene: Scene, random: Random): WorldText {
  const draw = random.uniform();
  if (draw < 0.62) return { text: sentence(teller, scene, random), fluency: 1 };
  if (draw < 0.76) return { text: cutShort(sentence(teller, scene, random), random), fluency: 1 };
  if (draw < 0.82)
    return { text: random.shuffle(teller.keywords(scene)).join(' '), fluency: KEYWORD_FLUENCY };
  return { text: salad(teller, scene, random), fluency: SALAD_FLUENCY };
}
