/** Documents about one scene that the bundled language model is trained on. */
import type { Random } from '../../math/random';
import { writeDocument } from '../documents';
import { caption, keywords } from './captions';
import type { Scene } from './scene';

/** Keywords with dropouts, shuffled. */
const keywordPart = (scene: Scene, random: Random): string[] =>
  random.shuffle(keywords(scene).filter(() => random.chance(0.75)));

/** "<|endoftext|>part<|endoftext|>part<|endoftext|>"; the last part is always a sentence. */
export function trainingDocument(scene: Scene, random: Random): string {
  return writeDocument(
    (style) => caption(scene, style, random),
    () => keywordPart(scene, random),
    random,
  );
}
