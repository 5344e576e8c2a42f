import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { Caption } from './Caption';

const render = (text: string, truth?: string) =>
  renderToStaticMarkup(createElement(Caption, { text, truth }));
const textOf = (markup: string) => markup.replaceAll(/<[^>]*>/g, '');
const marked = (markup: string) => [...markup.matchAll(/<mark>(.*?)<\/mark>/g)].map(([, m]) => m);

describe('Caption', () => {
  test.each(['a small red circle .', ' wow ,  a  star !', 'no mark', '. . .', 'ring.'])(
    'shows “%s” to the letter',
    (text) => {
      expect(textOf(render(text))).toBe(text);
      expect(textOf(render(text, 'a red ring .'))).toBe(text);
    },
  );

  test('marks the words that the true caption has, but not those that every caption has', () => {
    const markup = render('there is a red ring on the left .', 'a red star is on the left .');
    expect(marked(markup)).toEqual(['red', 'left']);
  });

  test('says that nothing was said', () => {
    expect(textOf(render(' '))).toBe('says nothing');
  });
});
