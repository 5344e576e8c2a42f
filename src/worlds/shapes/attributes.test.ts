import { describe, expect, it } from 'vitest';
import { attributesNamed, shareNamed, type AttributeName } from './attributes';
import { readText } from './reading';
import type { Scene } from './scene';

const one: Scene = {
  kind: 'one',
  object: { shape: 'heart', colour: 'red', size: 'large' },
  place: 'top right',
  background: 'plain',
};
const two: Scene = {
  kind: 'two',
  first: { shape: 'heart', colour: 'red', size: 'large' },
  second: { shape: 'ring', colour: 'blue', size: 'small' },
  relation: 'above',
  background: 'grid',
};

const right = (scene: Scene, text: string): AttributeName[] =>
  attributesNamed(scene, text)
    .filter((attribute) => attribute.right)
    .map(({ attribute }) => attribute);

describe('one object', () => {
  it('counts what is named right', () => {
    expect(right(one, 'a large red heart at the top right .')).toHaveLength(4);
    expect(right(one, 'A small red heart on the right')).toEqual(['colour', 'shape']);
    expect(right(one, 'top right large')).toEqual(['size', 'place']);
    expect(right(one, 'hello there')).toEqual([]);
  });

  it('gives nothing for naming several values of one attribute', () => {
    expect(right(one, 'a red heart and a blue heart')).toEqual(['shape']);
    expect(right(one, 'a red blue heart')).toEqual(['shape']);
  });

  it('tells what is not named from what is named wrong', () => {
    const named = attributesNamed(one, 'a blue heart .').filter((attribute) => attribute.named);
    expect(named.map(({ attribute, right: isRight }) => [attribute, isRight])).toEqual([
      ['colour', false],
      ['shape', true],
    ]);
  });
});

describe('two objects', () => {
  it('takes either order with the relation turned round', () => {
    expect(shareNamed(two, 'a large red heart above a small blue ring .')).toBe(1);
    expect(shareNamed(two, 'a small blue ring below a large red heart .')).toBe(1);
  });

  it('finds the wrong relation', () => {
    const text = 'a small blue ring above a large red heart .';
    expect(right(two, text)).toHaveLength(6);
    expect(right(two, text)).not.toContain('relation');
  });

  it('counts one object alone', () => {
    expect(right(two, 'a blue ring')).toEqual(['colour', 'shape']);
  });
});

describe('readText', () => {
  it('keeps an unfinished mention', () => {
    expect(readText('caption: a small red').mentions).toEqual([{ size: 'small', colour: 'red' }]);
  });

  it('prefers the longer place, and a relation to a place', () => {
    expect(readText('at the bottom left .').places).toEqual(['bottom left']);
    const { places, relations } = readText('a red circle left of a blue ring');
    expect(places).toEqual([]);
    expect(relations).toEqual(['left of']);
  });

  it('notes repetition and contradiction', () => {
    expect(readText('a red red circle').garbled).toBe(true);
    expect(readText('a red blue circle').garbled).toBe(true);
    expect(readText('a red circle .').garbled).toBe(false);
  });
});
