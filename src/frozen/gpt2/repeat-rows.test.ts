import { expect, it } from 'vitest';
import { repeatRows } from './repeat-rows';

it('puts each row there several times', () => {
  const rows = Float32Array.of(1, 2, 3, 4, 5, 6);
  expect([...repeatRows(rows, 2, 3)]).toEqual([
    1, 2, 3, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 4, 5, 6,
  ]);
  expect([...repeatRows(rows, 3, 2)]).toEqual([1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6]);
  expect(repeatRows(rows, 3, 1)).toBe(rows);
  expect(repeatRows(new Float32Array(0), 3, 2)).toHaveLength(0);
});
