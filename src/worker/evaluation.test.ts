import { expect, it } from 'vitest';
import type { Scene } from '../worlds/shapes/scene';
import { attributeShares } from './evaluation';

const scene = (shape: 'circle' | 'star', colour: 'red' | 'blue'): Scene => ({
  kind: 'one',
  object: { shape, colour, size: 'small' },
  place: 'top',
  background: 'plain',
});

it('counts each attribute over the scenes', () => {
  const scenes = [scene('circle', 'red'), scene('star', 'blue')];
  const texts = ['a small red circle at the top .', 'a large blue circle at the top left .'];
  expect(
    attributeShares(
      scenes,
      texts.map((text) => ({ text })),
    ),
  ).toEqual({ color: 1, shape: 0.5, size: 0.5, place: 0.5 });
});

it('gives a text without attributes nothing', () => {
  expect(attributeShares([scene('star', 'red')], [{ text: 'hello' }])).toEqual({
    color: 0,
    shape: 0,
    size: 0,
    place: 0,
  });
});
