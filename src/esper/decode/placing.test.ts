/** Rows of a cache against what any placing must keep: nothing shared is lost, and no row changes without need. */
import { expect, it } from 'vitest';
import { Random } from '../../math/random';
import { placing } from './placing';

it('keeps sequences that grow in their rows, whichever ended', () => {
  const read = [[1], [1], [1], [1]].map((row, i) => [...row, i]);
  const grown = [2, 0, 3].map((row) => [...read[row]!, 9]);
  expect(placing(read, grown)).toEqual({ rows: [2, 0, 3], parents: [0, 1, 2, 3], shared: 2 });
});

it('has branches go on from the row that they leave', () => {
  const read = [
    [1, 2],
    [1, 3],
    [1, 4],
  ];
  const branches = [
    [1, 3, 5],
    [1, 3, 6],
    [1, 2, 5],
  ];
  expect(placing(read, branches)).toEqual({ rows: [1, 2, 0], parents: [0, 1, 1], shared: 2 });
});

it('shares no more than all have in common', () => {
  const read = [[1, 2, 3, 4], [7]];
  expect(placing(read, [[1, 2, 3, 4, 5]]).shared).toBe(4);
  expect(placing(read, [[1, 2, 9]]).shared).toBe(2);
  expect(placing(read, [[1, 2, 3, 4, 5], [8]]).shared).toBe(0);
  expect(placing([[], []], [[1], [2]])).toEqual({ rows: [0, 1], parents: [0, 1], shared: 0 });
});

it('gives every sequence a row of its own that has read the most of it', () => {
  const random = new Random(3);
  const sequence = () => Array.from({ length: 1 + random.integer(5) }, () => random.integer(2));
  const common = (a: readonly number[], b: readonly number[]) =>
    Math.max(...a.map((_, n) => n + 1).filter((n) => `${a.slice(0, n)}` === `${b.slice(0, n)}`), 0);
  for (let round = 0; round < 200; round++) {
    const read = Array.from({ length: 4 }, sequence);
    const sequences = Array.from({ length: 1 + random.integer(4) }, sequence);
    const { rows, parents, shared } = placing(read, sequences);
    expect(new Set(rows).size).toBe(sequences.length);
    const kept = sequences.map((one, i) => common(read[parents[rows[i]!]!]!, one));
    const most = sequences.map((one) => Math.max(...read.map((tokens) => common(tokens, one))));
    expect(kept).toEqual(most);
    expect(shared).toBe(Math.min(...most));
  }
});
