/** The list of opening words, and that the bundled ones are of the bundled language models' own corpora. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FirstWords } from '../models/openings/first-words';
import { Random } from '../src/math/random';
import { parseOpeningWords, parseStyles } from '../src/worker/known-queries';
import * as shapeCaptions from '../src/worlds/shapes/captions';
import * as shapes from '../src/worlds/shapes/scene';
import * as soundCaptions from '../src/worlds/sounds/captions';
import * as sounds from '../src/worlds/sounds/scene';
import { STYLES } from '../src/worlds/styles';

const ALL = { most: 100, least: 0 };
const bundled = (world: string, name: string): unknown =>
  JSON.parse(
    readFileSync(new URL(`../public/models/${world}/gpt2/${name}`, import.meta.url), 'utf8'),
  );

/** A caption about any scene of a world. */
const CAPTIONS = {
  shapes: (random: Random) =>
    shapeCaptions.caption(shapes.sampleScene(random, { twoObjectShare: 0.3 }), 'caption', random),
  sounds: (random: Random) => soundCaptions.caption(sounds.sampleScene(random), 'caption', random),
} as const;

describe('first words', () => {
  it('are those of every sentence of prose, without marks round them', () => {
    const words = new FirstWords('');
    words.add('“The cat sat. It slept (soundly). The dog’s bowl? It’s empty!');
    words.add('The end.<|endoftext|>A new text.');
    words.add('');
    expect(words.sentences).toBe(6);
    expect(words.list(ALL).words).toEqual({
      The: 0.5,
      A: 0.166667,
      It: 0.166667,
      'It’s': 0.166667,
    });
  });

  it('are those after a label only, where there is one', () => {
    const words = new FirstWords('news:');
    words.add('<|endoftext|>news: rain . snow .<|endoftext|> sun<|endoftext|>story: once .');
    expect(words.list(ALL)).toEqual({ after: 'news:', words: { rain: 1 } });
  });

  it('rare ones are left out, the others keep their share of all', () => {
    const words = new FirstWords('');
    for (const text of ['a.', 'a.', 'b.', 'c.']) words.add(text);
    expect(words.list({ most: 2, least: 0 }).words).toEqual({ a: 0.5, b: 0.25 });
    expect(words.list({ most: 9, least: 0.3 }).words).toEqual({ a: 0.5 });
  });
});

describe.each(['shapes', 'sounds'] as const)('the language model of %s', (world) => {
  it('has the opening words of captions as the world writes them', () => {
    const { after, words } = parseOpeningWords('', bundled(world, 'opening-words.json'));
    expect(after).toBe('caption:');
    const count = 20_000;
    const random = new Random(404);
    const found = new Map<string, number>();
    for (let i = 0; i < count; i++) {
      const [word] = CAPTIONS[world](random).split(' ');
      found.set(word!, (found.get(word!) ?? 0) + 1);
    }
    expect([...found.keys()].toSorted()).toEqual(Object.keys(words).toSorted());
    // Four standard deviations of a share.
    for (const [word, share] of Object.entries(words))
      expect(Math.abs(found.get(word)! / count - share), word).toBeLessThan(
        4 * Math.sqrt((share * (1 - share)) / count),
      );
  });

  it('names the styles of its documents, captions first', () => {
    expect(parseStyles('', bundled(world, 'styles.json'))).toEqual(STYLES);
  });
});

describe('a repository’s own list', () => {
  it.each([
    [[], /Too small|at least/],
    [['news', 7], /1: /],
  ])('of styles %j is refused with what is wrong', (json, problem) => {
    expect(() => parseStyles('styles.json', json)).toThrow(problem);
  });

  it.each([
    [{ after: '', words: {} }, /names no word/],
    [{ after: '', words: { a: 0.7, the: 0.6 } }, /more than 1/],
    [{ words: { a: 0.5 } }, /after/],
  ])('of opening words %j is refused with what is wrong', (json, problem) => {
    expect(() => parseOpeningWords('opening-words.json', json)).toThrow(problem);
  });
});
