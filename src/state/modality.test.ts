import { describe, expect, it } from 'vitest';
import { BUNDLED_PAIR, SOUNDS_PAIR } from '../esper/pair';
import { inWordsOf, modalityOf } from './modality';

describe('the modality', () => {
  const heard = { modality: 'sound', hearing: undefined, attributes: [] } as const;

  it('is what the encoder’s files tell', () => {
    expect(modalityOf(heard, BUNDLED_PAIR)).toBe('sound');
  });

  it('is that of the bundled world until they have told', () => {
    expect(modalityOf(undefined, BUNDLED_PAIR)).toBe('picture');
    expect(modalityOf(undefined, SOUNDS_PAIR)).toBe('sound');
    expect(modalityOf(undefined, { ...BUNDLED_PAIR, clip: 'Xenova/clap' })).toBe('picture');
  });
});

describe('words', () => {
  const text =
    'CLIP’s cosine of a picture, as it sees it; Pictures are looked at. CLIPScore stays.';

  it('are those of the modality', () => {
    expect(inWordsOf('picture', text)).toBe(text);
    expect(inWordsOf('sound', text)).toBe(
      'CLAP’s cosine of a sound, as it hears it; Sounds are listened to. CLIPScore stays.',
    );
  });
});
