/**
 * Documents that a bundled language model is trained on: one to three parts about ONE scene, each a
 * styled sentence or a list of keywords. What came before tells what comes next; that is what lets a
 * prefix steer the model later (one trained on single captions cannot be steered).
 */
import type { Random } from '../math/random';
import { styleLabel, STYLES, type Style } from './styles';

export const END_OF_TEXT = '<|endoftext|>';

function sampleStyle(random: Random): Style {
  return random.chance(0.4) ? 'caption' : random.pick(STYLES);
}

/**
 * "<|endoftext|>part<|endoftext|>part<|endoftext|>"; the last part is always a sentence.
 * @param sentence one sentence about the scene in a style
 * @param keywords some of the scene's words; a list of none is left out
 */
export function writeDocument(
  sentence: (style: Style) => string,
  keywords: () => readonly string[],
  random: Random,
): string {
  const sentencePart = (): string => {
    const style = sampleStyle(random);
    return `${styleLabel(style)} ${sentence(style)}`;
  };
  const keywordPart = (): string =>
    keywords()
      .map((word) => ` ${word}`)
      .join('');
  const count = 1 + random.integer(3);
  const parts = Array.from({ length: count }, (_, i) =>
    i < count - 1 && random.chance(0.6) ? keywordPart() : sentencePart(),
  ).filter((part) => part !== '');
  return END_OF_TEXT + parts.map((part) => part + END_OF_TEXT).join('');
}
