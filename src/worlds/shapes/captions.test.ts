import { describe, expect, it } from 'vitest';
import { Random } from '../../math/random';
import { END_OF_TEXT } from '../documents';
import { STYLES } from '../styles';
import { attributesNamed, shareNamed } from './attributes';
import { caption, fullCaption, keywords } from './captions';
import { trainingDocument } from './documents';
import { sampleScene, type Scene } from './scene';

const scenes = Array.from({ length: 400 }, (_, i) =>
  sampleScene(new Random(7, i), { twoObjectShare: 0.4 }),
);
const circle: Scene = {
  kind: 'one',
  object: { shape: 'circle', colour: 'orange', size: 'small' },
  place: 'top left',
  background: 'plain',
};

describe('captions', () => {
  it('in the caption style have at most 11 words and marks', () => {
    for (const [i, scene] of scenes.entries())
      expect(caption(scene, 'caption', new Random(8, i)).split(' ').length).toBeLessThanOrEqual(11);
  });

  it('say nothing false in any style', () => {
    for (const style of STYLES)
      for (const [i, scene] of scenes.entries()) {
        const text = caption(scene, style, new Random(9, i));
        const wrong = attributesNamed(scene, text).filter(({ named, right }) => named && !right);
        expect({ text, wrong }).toEqual({ text, wrong: [] });
        expect(text).toMatch(/^[a-z ,:]+ [.!]$/);
      }
  });

  it('usually name size, colour and shape', () => {
    const shares = scenes.map((scene, i) =>
      shareNamed(scene, caption(scene, 'caption', new Random(10, i))),
    );
    expect(shares.filter((share) => share === 1).length).toBeGreaterThan(0.7 * scenes.length);
  });

  it('have the article that the next word asks for', () => {
    const texts = Array.from({ length: 200 }, (_, i) =>
      caption(circle, 'caption', new Random(1, i)),
    );
    expect(texts.some((text) => text.includes('an orange circle'))).toBe(true);
    expect(texts.some((text) => text.includes('a orange'))).toBe(false);
  });

  it('name everything in the full caption', () => {
    expect(fullCaption(circle)).toBe('a small orange circle at the top left .');
    for (const scene of scenes) expect(shareNamed(scene, fullCaption(scene))).toBe(1);
  });
});

describe('keywords', () => {
  it('are the words that matter', () => {
    expect(keywords(circle)).toEqual(['small', 'orange', 'circle', 'top', 'left']);
  });
});

describe('training documents', () => {
  const documents = scenes.map((scene, i) => trainingDocument(scene, new Random(11, i)));

  it('are one to three parts between ends of text, the last a sentence', () => {
    for (const text of documents) {
      const parts = text.split(END_OF_TEXT);
      expect(parts.at(0)).toBe('');
      expect(parts.at(-1)).toBe('');
      expect(parts.length - 2).toBeGreaterThanOrEqual(1);
      expect(parts.length - 2).toBeLessThanOrEqual(3);
      expect(parts.at(-2)).toMatch(/^(caption|news|social|story|instruction): .* [.!]$/);
    }
  });

  it('start with a sentence about half of the time or more', () => {
    const started = documents.filter((text) => /^<\|endoftext\|>[a-z]+: /.test(text));
    expect(started.length).toBeGreaterThan(documents.length * 0.45);
    expect(started.length).toBeLessThan(documents.length * 0.75);
  });
});
