/**
 * Texts about a scene, in the styles of the paper's multi-style captioning (arXiv 2205.12630, §5).
 * All lower case, words and marks separated by blanks: every common " word" is one token of the
 * bundled language model, and a text in the caption style has at most 9.
 */
import type { Random } from '../../math/random';
import type { Style } from '../styles';
import type { Scene } from './scene';

type Adjective = 'melody' | 'pitch';

/** "a rising high flute", with the adjectives that `omit` leaves. */
function nounPhrase(scene: Scene, omit?: Adjective): string {
  const adjectives = (['melody', 'pitch'] as const).filter((name) => name !== omit);
  return ['a', ...adjectives.map((name) => scene[name]), scene.instrument].join(' ');
}

const NAMES_ALL = ['full', 'full', 'there is', 'someone plays', 'inverted'] as const;
const NAMES_LESS = ['no rhythm', 'there is, no rhythm', 'no melody', 'no pitch'] as const;

/** The wordings that name everything. */
const WHOLE: Readonly<
  Record<(typeof NAMES_ALL)[number], (noun: string, rhythm: string) => string>
> = {
  full: (noun, rhythm) => `${noun} played ${rhythm} .`,
  'there is': (noun, rhythm) => `there is ${noun} played ${rhythm} .`,
  'someone plays': (noun, rhythm) => `someone plays ${noun} ${rhythm} .`,
  inverted: (noun, rhythm) => `played ${rhythm} , ${noun} .`,
};

function plainCaption(scene: Scene, random: Random): string {
  const noun = nounPhrase(scene);
  const name = random.chance(0.85) ? random.pick(NAMES_ALL) : random.pick(NAMES_LESS);
  switch (name) {
    case 'no rhythm':
      return `${noun} .`;
    case 'there is, no rhythm':
      return `there is ${noun} .`;
    case 'no melody':
      return `${nounPhrase(scene, 'melody')} played ${scene.rhythm} .`;
    case 'no pitch':
      return `${nounPhrase(scene, 'pitch')} played ${scene.rhythm} .`;
    default:
      return WHOLE[name](noun, scene.rhythm);
  }
}

/** What a styled sentence speaks of. */
const subject = (scene: Scene, random: Random): string =>
  random.chance(0.85) ? `${nounPhrase(scene)} played ${scene.rhythm}` : nounPhrase(scene);

const STYLED: Readonly<Record<Exclude<Style, 'caption'>, readonly ((what: string) => string)[]>> = {
  news: [
    (what) => `breaking news : ${what} .`,
    (what) => `${what} was heard today .`,
    (what) => `people report ${what} .`,
  ],
  social: [
    (what) => `just heard ${what} !`,
    (what) => `wow , ${what} !`,
    (what) => `${what} , so nice !`,
  ],
  story: [
    (what) => `long ago there was ${what} .`,
    (what) => `one day she heard ${what} .`,
    (what) => `in the tale there was ${what} .`,
  ],
  instruction: [
    (what) => `record ${what} .`,
    (what) => `please imitate ${what} .`,
    (what) => `now listen to ${what} .`,
  ],
};

/** One sentence about the scene in a style; the label ("caption:") is not part of it. */
export function caption(scene: Scene, style: Style, random: Random): string {
  if (style !== 'caption') return random.pick(STYLED[style])(subject(scene, random));
  return plainCaption(scene, random);
}

/** Every wording of a caption that names all of the scene, the full caption first. */
export function wholeCaptions(scene: Scene): string[] {
  const noun = nounPhrase(scene);
  return Object.values(WHOLE).map((write) => write(noun, scene.rhythm));
}

/** The caption that names everything, always in the same words: "a rising high flute played slowly ." */
export function fullCaption(scene: Scene): string {
  return WHOLE.full(nounPhrase(scene), scene.rhythm);
}

/** The words that name the scene, in the order of a caption: "rising high flute slowly". */
export function keywords({ melody, pitch, instrument, rhythm }: Scene): string[] {
  return [melody, pitch, instrument, rhythm];
}
