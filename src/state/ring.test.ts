import { describe, expect, test } from 'vitest';
import { Ring } from './ring';

describe('Ring', () => {
  test.each([
    { capacity: 1, rows: 0 },
    { capacity: 1, rows: 5 },
    { capacity: 4, rows: 3 },
    { capacity: 4, rows: 4 },
    { capacity: 4, rows: 5 },
    { capacity: 7, rows: 23 },
  ])('keeps the last $capacity of $rows rows in order', ({ capacity, rows }) => {
    const ring = new Ring(['x', 'y'], capacity);
    for (let i = 0; i < rows; i++) ring.append({ x: i, y: -i });
    const expected = Array.from({ length: rows }, (_, i) => i).slice(-capacity);
    expect([...ring.column('x')]).toEqual(expected);
    expect([...ring.column('y')].map(Math.abs)).toEqual(expected);
    expect(ring.length).toBe(expected.length);
  });

  test('is empty after clear and can be used again', () => {
    const ring = new Ring(['x'], 3);
    for (const x of [1, 2, 3, 4]) ring.append({ x });
    ring.clear();
    expect([...ring.column('x')]).toEqual([]);
    ring.append({ x: 9 });
    expect([...ring.column('x')]).toEqual([9]);
  });
});
