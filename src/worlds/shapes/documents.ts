/**
 * Documents that the bundled language model is trained on: one to three parts about ONE scene, each a
 * styled sentence or a shuffled list of keywords. What came before tells what comes next; that is what
 * lets a prefix steer the model later (one trained on single captions cannot be steered).
 */
import type { Random } from '../../math/random';
import { caption, keywords } from './captions';
import type { Scene } from './scene';
import { STYLES, type Style } from './vocabulary';

export const END_OF_TEXT = '<|endoftext|>';

/** "caption:" and its like: the query that asks for a style. */
export const styleLabel = (style: Style): string => `${style}:`;

function sampleStyle(random: Random): Style {
  return random.chance(0.4) ? 'caption' : random.pick(STYLES);
}

function sentencePart(scene: Scene, random: Random): string {
  const style = sampleStyle(random);
  return `${styleLabel(style)} ${caption(scene, style, random)}`;
}

/** Keywords with dropouts; shuffled, save half of those of two objects (order is what relates them). */
function keywordPart(scene: Scene, random: Random): string {
  const kept = keywords(scene).filter(() => random.chance(0.75));
  const ordered = scene.kind === 'two' && random.chance(0.5) ? kept : random.shuffle(kept);
  return ordered.map((word) => ` ${word}`).join('');
}

/** "<|endoftext|>part<|endoftext|>part<|endoftext|>"; the last part is always a sentence. */
export function trainingDocument(scene: Scene, random: Random): string {
  const count = 1 + random.integer(3);
  const parts = Array.from({ length: count }, (_, i) =>
    i < count - 1 && random.chance(0.6) ? keywordPart(scene, random) : sentencePart(scene, random),
  ).filter((part) => part !== '');
  return END_OF_TEXT + parts.map((part) => part + END_OF_TEXT).join('');
}
