import { expect, it } from 'vitest';
import { Random } from '../math/random';
import { corpusOf, readTexts } from './corpus';

it('takes one text a line, whatever ends it, and draws from them', () => {
  const texts = readTexts('t.txt', ' a dog \r\n\n the sea\n');
  expect(texts).toEqual({ name: 't.txt', texts: ['a dog', 'the sea'] });
  const random = new Random(1);
  const drawn = new Set(Array.from({ length: 50 }, () => corpusOf(texts).draw(random)));
  expect(drawn).toEqual(new Set(['a dog', 'the sea']));
});

it('refuses in words what holds no text', () => {
  expect(() => readTexts('t.txt', ' \n\n')).toThrow('no line with text');
  expect(() => readTexts('t.txt', 'PK\0\0')).toThrow('no text file');
});
