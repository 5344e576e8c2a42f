/** What is kept, what goes, and that each is freed once. */
import { expect, it } from 'vitest';
import { Remembered } from './remembered';

function open(most: number) {
  const made: string[] = [];
  const freed: string[] = [];
  const remembered = new Remembered<string>(most, (value) => void freed.push(value));
  const of = (key: string) =>
    remembered.of(key, async () => {
      made.push(key);
      return key;
    });
  return { made, freed, remembered, of };
}

it('keeps the last that were asked for', async () => {
  const { made, freed, remembered, of } = open(2);
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) expect(await of(key)).toBe(key);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
  expect(freed).toEqual(['b', 'c']);
  await remembered.clear();
  expect(freed).toEqual(['b', 'c', 'a', 'b']);
  await remembered.clear();
  expect(freed).toHaveLength(4);
});

it('makes a value once for all who ask while it is made', async () => {
  const { made, of } = open(1);
  expect(await Promise.all([of('a'), of('a')])).toEqual(['a', 'a']);
  expect(made).toEqual(['a']);
});

it('tries again what failed, and keeps nothing of it', async () => {
  const { freed, remembered, of } = open(1);
  const fails = () => Promise.reject(new Error('no memory'));
  await expect(remembered.of('a', fails)).rejects.toThrow('no memory');
  expect(await of('a')).toBe('a');
  await remembered.clear();
  expect(freed).toEqual(['a']);
});
