import { describe, expect, it } from 'vitest';
import { textsForClip } from './sentences';

describe('what CLIP is shown', () => {
  const text = 'A red ball. It lies on the grass! Where is the dog?';

  it('is the whole text, its first sentence, or each sentence', () => {
    expect(textsForClip(text, 'whole')).toEqual([text]);
    expect(textsForClip(text, 'first-sentence')).toEqual(['A red ball.']);
    expect(textsForClip(text, 'sentence-mean')).toEqual([
      'A red ball.',
      'It lies on the grass!',
      'Where is the dog?',
    ]);
  });

  it('joins what is beyond four sentences to the last', () => {
    expect(textsForClip('One. Two. Three. Four. Five. Six.', 'sentence-mean')).toEqual([
      'One.',
      'Two.',
      'Three.',
      'Four. Five. Six.',
    ]);
  });

  it.each(['', '   '])('is never nothing: “%s”', (empty) => {
    for (const reads of ['whole', 'first-sentence', 'sentence-mean'] as const)
      expect(textsForClip(empty, reads)).toEqual([empty]);
  });
});
