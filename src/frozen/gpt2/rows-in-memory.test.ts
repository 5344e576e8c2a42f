import { expect, it } from 'vitest';
import { RowsInMemory } from './rows-in-memory';

const D = 2;

/** What sequence `name` has at position t. */
const values = (name: number, t: number): number[] => [name + t / 10, -name - t / 10];

const fresh = (rows: readonly number[], from: number, N: number): Float32Array =>
  Float32Array.from(
    Array.from({ length: N }, (_, n) => rows.flatMap((name) => values(name, from + n))).flat(),
  );

it('keeps what each sequence has read through choices and new positions', () => {
  const rows = new RowsInMemory(['k', 'v'], { R: 3, D, most: 5 });
  const negated = (part: Float32Array) => part.map((value) => -value);
  const append = (names: readonly number[], N: number) => {
    const part = fresh(names, rows.length, N);
    rows.append(N, (name) => (name === 'k' ? part : negated(part)));
  };
  const expectRows = (names: readonly number[]) => {
    const all = fresh(names, 0, rows.length);
    expect(rows.past).toEqual([
      ['k', all],
      ['v', negated(all)],
    ]);
  };
  expectRows([1, 2, 3]);
  append([1, 2, 3], 2);
  expectRows([1, 2, 3]);
  rows.choose([0, 0, 1, 2, 2]);
  append([1, 1, 2, 3, 3], 1);
  expectRows([1, 1, 2, 3, 3]);
  rows.choose([0, 1, 2, 3, 4]);
  expectRows([1, 1, 2, 3, 3]);
  rows.choose([4, 2]);
  append([3, 2], 1);
  append([3, 2], 1);
  expect(rows.length).toBe(5);
  expectRows([3, 2]);
});
