/**
 * Texts about a scene, in the styles of the paper's multi-style captioning (arXiv 2205.12630, §5).
 * All lower case, words and marks separated by blanks: every common " word" is one token of the
 * bundled language model, and a text in the caption style has at most 11.
 */
import type { Random } from '../../math/random';
import type { Style } from '../styles';
import { sceneObjects, type OneObjectScene, type Scene, type SceneObject } from './scene';
import { opposite, placePhrase } from './vocabulary';

type Attribute = 'size' | 'colour';

/** "a small red circle", "an orange star", with the attributes that `omit` leaves. */
export function nounPhrase(object: SceneObject, omit?: Attribute, article = true): string {
  const words: string[] = [object.shape];
  if (omit !== 'colour') words.unshift(object.colour);
  if (omit !== 'size') words.unshift(object.size);
  if (article) words.unshift(words[0] === 'orange' ? 'an' : 'a');
  return words.join(' ');
}

const NAMES_ALL = ['full', 'full', 'there is', 'is', 'inverted'] as const;
const NAMES_LESS = ['no place', 'there is, no place', 'no size', 'no colour'] as const;

/** The wordings that name everything. */
const WHOLE: Readonly<Record<(typeof NAMES_ALL)[number], (noun: string, place: string) => string>> =
  {
    full: (noun, place) => `${noun} ${place} .`,
    'there is': (noun, place) => `there is ${noun} ${place} .`,
    is: (noun, place) => `${noun} is ${place} .`,
    inverted: (noun, place) => `${place} is ${noun} .`,
  };

function captionOfOne(scene: OneObjectScene, random: Random): string {
  const place = placePhrase(scene.place);
  const noun = nounPhrase(scene.object);
  const name = random.chance(0.85) ? random.pick(NAMES_ALL) : random.pick(NAMES_LESS);
  switch (name) {
    case 'no place':
      return `${noun} .`;
    case 'there is, no place':
      return `there is ${noun} .`;
    case 'no size':
      return `${nounPhrase(scene.object, 'size')} ${place} .`;
    case 'no colour':
      return `${nounPhrase(scene.object, 'colour')} ${place} .`;
    default:
      return WHOLE[name](noun, place);
  }
}

/** The two objects in either order, joined by what the first named is to the other. */
function pairPhrase(scene: Scene & { kind: 'two' }, random: Random, omit?: Attribute): string {
  const [first, second, relation] = random.chance(0.5)
    ? [scene.first, scene.second, scene.relation]
    : [scene.second, scene.first, opposite(scene.relation)];
  return `${nounPhrase(first, omit)} ${relation} ${nounPhrase(second, omit)}`;
}

function captionOfTwo(scene: Scene & { kind: 'two' }, random: Random): string {
  if (random.chance(0.85)) return `${pairPhrase(scene, random)} .`;
  const brief = pairPhrase(scene, random, 'size');
  return random.chance(0.5) ? `${brief} .` : `there is ${brief} .`;
}

/** What a styled sentence speaks of: the object and its place, or the pair. */
function subject(scene: Scene, random: Random): string {
  if (scene.kind === 'two') return pairPhrase(scene, random);
  return random.chance(0.85)
    ? `${nounPhrase(scene.object)} ${placePhrase(scene.place)}`
    : nounPhrase(scene.object);
}

const STYLED: Readonly<Record<Exclude<Style, 'caption'>, readonly ((what: string) => string)[]>> = {
  news: [
    (what) => `breaking news : ${what} .`,
    (what) => `${what} was seen today .`,
    (what) => `people report ${what} .`,
  ],
  social: [
    (what) => `just saw ${what} !`,
    (what) => `wow , ${what} !`,
    (what) => `${what} , so nice !`,
  ],
  story: [
    (what) => `once there was ${what} .`,
    (what) => `one day she found ${what} .`,
    (what) => `in the tale there was ${what} .`,
  ],
  instruction: [
    (what) => `draw ${what} .`,
    (what) => `please paint ${what} .`,
    (what) => `now put ${what} .`,
  ],
};

/** One sentence about the scene in a style; the label ("caption:") is not part of it. */
export function caption(scene: Scene, style: Style, random: Random): string {
  if (style !== 'caption') return random.pick(STYLED[style])(subject(scene, random));
  return scene.kind === 'one' ? captionOfOne(scene, random) : captionOfTwo(scene, random);
}

/** Every wording of a caption that names all of the scene, the full caption first. */
export function wholeCaptions(scene: OneObjectScene): string[] {
  const [noun, place] = [nounPhrase(scene.object), placePhrase(scene.place)];
  return Object.values(WHOLE).map((write) => write(noun, place));
}

/** The caption that names everything, always in the same words: "a small red circle at the top ." */
export function fullCaption(scene: Scene): string {
  if (scene.kind === 'one') return `${nounPhrase(scene.object)} ${placePhrase(scene.place)} .`;
  return `${nounPhrase(scene.first)} ${scene.relation} ${nounPhrase(scene.second)} .`;
}

/** The words that name the scene, in the order of a caption: "small red circle top left". */
export function keywords(scene: Scene): string[] {
  const nouns = sceneObjects(scene).map((object) => nounPhrase(object, undefined, false));
  const text =
    scene.kind === 'one' ? `${nouns[0]!} ${scene.place}` : nouns.join(` ${scene.relation} `);
  return text.split(' ');
}
