import { describe, expect, it } from 'vitest';
import { Fault } from '../faults';
import type { Gpt2Config } from '../frozen/gpt2/weights';
import { parseConfig } from './config';
import { queryPlaces } from './draws';
import { openingProbabilities, parseLabels, queriesOf, type Wording } from './queries';

const EOS = 96;
/** A token a letter; digits, blanks and colons are letters too. */
const encode = (text: string) => Array.from(text, (letter) => letter.codePointAt(0)!);
const lm = { config: { eos_token_id: EOS, n_positions: 40 } as Gpt2Config };
const wording: Wording = {
  encode,
  label: 'ask:',
  styles: ['a', 'bcd'],
  openingWords: { after: '', words: { The: 0.6, A: 0.2 } },
};
const networks = (changes: Partial<Wording> = {}) => ({
  lm,
  query: [EOS, 1, 2],
  spoken: [2],
  wording: { ...wording, ...changes },
});

const texts = (choices: readonly { tokens: readonly number[]; spoken: readonly number[] }[]) =>
  choices.map(({ tokens, spoken }) => [
    tokens.map((id) => (id === EOS ? '¶' : String.fromCodePoint(id))).join(''),
    String.fromCodePoint(...spoken),
  ]);
const of = (settings: object, changes?: Partial<Wording>) =>
  queriesOf(networks(changes), parseConfig(settings));

describe('what captions follow', () => {
  it('is what suits the pair, by default', () => {
    const only = { tokens: [EOS, 1, 2], spoken: [2] };
    expect(of({})).toEqual({ choices: [only], probabilities: [1], shown: only });
  });

  it('a prompt is said, unless it is a label', () => {
    expect(texts(of({ query: 'prompt', prompt: ' A cat ' }).choices)).toEqual([
      ['¶A cat', 'A cat'],
    ]);
    expect(texts(of({ query: 'prompt', prompt: 'poem:' }).choices)).toEqual([['¶poem:', '']]);
  });

  it('styles are labels, none of them said, as long as the longest by ends of text in front', () => {
    const { choices, probabilities, shown } = of({ query: 'styles' });
    expect(texts(choices)).toEqual([
      ['¶¶¶a:', ''],
      ['¶bcd:', ''],
    ]);
    expect(probabilities).toEqual([0.5, 0.5]);
    expect(texts([shown])).toEqual([['¶a:', '']]);
  });

  it('labels typed take the place of the language model’s own', () => {
    const { choices } = of({ query: 'styles', styleLabels: 'x, yz:, x' });
    expect(texts(choices)).toEqual([
      ['¶¶x:', ''],
      ['¶yz:', ''],
    ]);
    expect(parseLabels(' , news : ,')).toEqual(['news']);
  });

  it('opening words are said, and the pair’s own query is the last', () => {
    const { choices, shown } = of({ query: 'opening-words' });
    expect(choices.map(({ tokens }) => tokens)).toEqual([
      [EOS, ...encode('The')],
      [EOS, EOS, EOS, ...encode('A')],
      [EOS, EOS, 1, 2],
    ]);
    expect(choices.map(({ spoken }) => spoken)).toEqual([encode('The'), encode('A'), [2]]);
    expect(shown).toEqual({ tokens: [EOS, 1, 2], spoken: [2] });
  });

  it('opening words typed follow the pair’s label, each as likely', () => {
    const { choices, probabilities } = of({ query: 'opening-words', openingWords: 'Two, A, A' });
    expect(texts(choices)).toEqual([
      ['¶ask: Two', ' Two'],
      ['¶¶¶ask: A', ' A'],
      ['¶¶¶ask: A', ' A'],
    ]);
    expect(probabilities).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it.each([
    [{ query: 'styles' }, { styles: [] }, /names no styles.*styles\.json/],
    [
      { query: 'opening-words' },
      { openingWords: undefined },
      /no list of opening words.*opening-words\.json/,
    ],
  ])('what the language model lacks is told in words: %j', (settings, changes, problem) => {
    expect(() => of(settings, changes)).toThrow(problem);
    expect(() => of(settings, changes)).toThrow(Fault);
  });

  it('must have room with prefix and response', () => {
    const prompt = { query: 'prompt', prompt: 'abc', prefixLength: 4 };
    expect(() => of({ ...prompt, responseLength: 32 })).not.toThrow();
    expect(() => of({ ...prompt, responseLength: 33 })).toThrow('41 positions');
  });
});

describe('how likely opening words are', () => {
  // Adding up to .817, as those of the released trainer do; its last entry is stated as .02.
  const words = [0.5, 0.3, 0.017];

  it('released: they are as stated, and the last entry takes what is left over', () => {
    const probabilities = openingProbabilities(words, 'released');
    expect(probabilities.slice(0, 3)).toEqual(words);
    expect(probabilities[3]).toBeCloseTo(0.183, 12);
  });

  it('textbook: the last entry has its stated frequency, the others share the rest', () => {
    const probabilities = openingProbabilities(words, 'textbook');
    expect(probabilities[3]).toBe(0.02);
    expect(probabilities[0]! / probabilities[1]!).toBeCloseTo(5 / 3, 12);
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  it('so often they are drawn, and the same for the same seed', () => {
    const probabilities = openingProbabilities(words, 'textbook');
    const count = 20_000;
    const places = queryPlaces(3, 5, probabilities, count);
    probabilities.forEach((probability, place) => {
      const share = places.filter((drawn) => drawn === place).length / count;
      // Four standard deviations.
      const most = 4 * Math.sqrt((probability * (1 - probability)) / count);
      expect(Math.abs(share - probability)).toBeLessThan(most);
    });
    expect(queryPlaces(3, 5, probabilities, count)).toEqual(places);
    // models/interop/draws.py: query_places(7, 3, [0.2, 0.5, 0.3], 12)
    expect(queryPlaces(7, 3, [0.2, 0.5, 0.3], 12)).toEqual([1, 0, 1, 0, 1, 1, 1, 1, 1, 2, 0, 2]);
    expect(queryPlaces(3, 6, probabilities, 50)).not.toEqual(places.slice(0, 50));
  });
});
