import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../math/random';
import { END_OF_TEXT } from '../documents';
import { STYLES } from '../styles';
import { attributesNamed, shareNamed } from './attributes';
import { caption, fullCaption, keywords, wholeCaptions } from './captions';
import { trainingDocument } from './documents';
import { sampleScene, type Scene } from './scene';

const scenes = Array.from({ length: 400 }, (_, i) => sampleScene(new Random(7, i)));
const flute: Scene = { instrument: 'flute', pitch: 'high', melody: 'rising', rhythm: 'slowly' };

const right = (text: string): string[] =>
  attributesNamed(flute, text)
    .filter((named) => named.right)
    .map(({ attribute }) => attribute);

describe('captions', () => {
  it('in the caption style have at most 9 words and marks', () => {
    for (const [i, scene] of scenes.entries())
      expect(caption(scene, 'caption', new Random(8, i)).split(' ').length).toBeLessThanOrEqual(9);
  });

  it('say nothing false in any style', () => {
    for (const style of STYLES)
      for (const [i, scene] of scenes.entries()) {
        const text = caption(scene, style, new Random(9, i));
        const wrong = attributesNamed(scene, text).filter((named) => named.named && !named.right);
        expect({ text, wrong }).toEqual({ text, wrong: [] });
        expect(text).toMatch(/^[a-z ,:]+ [.!]$/);
      }
  });

  it('usually name everything', () => {
    const whole = scenes.filter(
      (scene, i) => shareNamed(scene, caption(scene, 'caption', new Random(10, i))) === 1,
    );
    expect(whole.length).toBeGreaterThan(0.7 * scenes.length);
  });

  it('name everything in every whole wording, the full one first', () => {
    expect(fullCaption(flute)).toBe('a rising high flute played slowly .');
    expect(wholeCaptions(flute)[0]).toBe(fullCaption(flute));
    expect(new Set(wholeCaptions(flute)).size).toBe(4);
    for (const scene of scenes)
      for (const text of wholeCaptions(scene)) expect(shareNamed(scene, text)).toBe(1);
  });

  it('are words that the bundled GPT-2 has as one token each', () => {
    const file = new URL('../../../public/models/sounds/gpt2/vocab.json', import.meta.url);
    const vocabulary = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    const words = new Set(
      scenes.flatMap((scene, i) =>
        STYLES.flatMap((style) => caption(scene, style, new Random(12, i)).split(' ')),
      ),
    );
    // "Ġ" stands for the blank before a word.
    expect([...words].filter((word) => !(`Ġ${word}` in vocabulary))).toEqual([]);
  });
});

describe('attributes', () => {
  it('count what is named right', () => {
    expect(right('A rising high flute, played slowly')).toHaveLength(4);
    expect(right('a falling high flute .')).toEqual(['instrument', 'pitch']);
    expect(right('slowly')).toEqual(['rhythm']);
    expect(right('hello there')).toEqual([]);
  });

  it('give nothing for naming several values of one attribute', () => {
    expect(right('a high flute and a high bell')).toEqual(['pitch']);
  });

  it('tell what is not named from what is named wrong', () => {
    const named = attributesNamed(flute, 'a low flute .').filter((attribute) => attribute.named);
    expect(named.map(({ attribute, right: isRight }) => [attribute, isRight])).toEqual([
      ['instrument', true],
      ['pitch', false],
    ]);
  });
});

describe('training documents', () => {
  const documents = scenes.map((scene, i) => trainingDocument(scene, new Random(11, i)));

  it('are one to three parts between ends of text, the last a sentence', () => {
    for (const text of documents) {
      const parts = text.split(END_OF_TEXT);
      expect([parts.at(0), parts.at(-1)]).toEqual(['', '']);
      expect([1, 2, 3]).toContain(parts.length - 2);
      expect(parts.at(-2)).toMatch(/^(caption|news|social|story|instruction): .* [.!]$/);
    }
  });

  it('speak of one scene in all their parts', () => {
    for (const [i, text] of documents.entries()) {
      const wrong = attributesNamed(scenes[i]!, text).filter(
        (named) => named.named && !named.right,
      );
      expect({ text, wrong }).toEqual({ text, wrong: [] });
    }
  });

  it('have keyword lists of the words that matter', () => {
    expect(keywords(flute)).toEqual(['rising', 'high', 'flute', 'slowly']);
    expect(
      documents.some((text) => /^<\|endoftext\|>( [a-z]+){1,4}<\|endoftext\|>/.test(text)),
    ).toBe(true);
  });
});
