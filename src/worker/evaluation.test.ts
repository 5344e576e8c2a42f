import { expect, it } from 'vitest';
import { attributeShares } from './evaluation';

/** An item whose attributes are two words, right where the text has the word. */
const item = (colour: string, shape: string) => ({
  namedRight: (text: string) => ({ colour: text.includes(colour), shape: text.includes(shape) }),
});

it('counts each attribute over the items, in their order', () => {
  const items = [item('red', 'circle'), item('blue', 'star')];
  const texts = ['a small red circle at the top .', 'a large blue circle at the top left .'];
  const shares = attributeShares(
    items,
    texts.map((text) => ({ text })),
  );
  expect(Object.entries(shares)).toEqual([
    ['colour', 1],
    ['shape', 0.5],
  ]);
});

it('gives a text without attributes nothing', () => {
  expect(attributeShares([item('red', 'star')], [{ text: 'hello' }])).toEqual({
    colour: 0,
    shape: 0,
  });
});
