import { expect, it } from 'vitest';
import { type Binding, rowRanges } from './rows';

const matrix = (height: number, width: number, dtype: 'f32' | 'f16'): Binding => {
  const size = height * width;
  const bytes = size * (dtype === 'f32' ? 4 : 2);
  const buffer = {} as GPUBuffer; // never looked at
  return { label: 'wte', shape: [height, width], dtype, size, bytes, offset: 0, buffer };
};

it('leaves a matrix whole that one binding can hold', () => {
  const whole = matrix(100, 8, 'f32');
  expect(rowRanges(whole, whole.bytes)).toEqual([{ first: 0, count: 100, rows: whole }]);
});

it('splits GPT-2’s wte at what WebGPU promises', () => {
  const ranges = rowRanges(matrix(50_257, 768, 'f32'), 128 * 2 ** 20, 200);
  expect(ranges.map(({ first, count }) => [first, count])).toEqual([
    [0, 43_600],
    [43_600, 6657],
  ]);
  expect(rowRanges(matrix(50_257, 768, 'f16'), 128 * 2 ** 20, 200)).toHaveLength(1);
});

it.each([
  { width: 3, dtype: 'f32', multiple: 8 },
  { width: 101, dtype: 'f16', multiple: 24 },
  { width: 64, dtype: 'f16', multiple: 1 },
] as const)('covers every row once, from places that can be bound: %o', (sizes) => {
  const { width, dtype, multiple } = sizes;
  const whole = matrix(10_007, width, dtype);
  const limit = Math.ceil(whole.bytes / 3.3);
  const ranges = rowRanges(whole, limit, multiple);
  let next = 0;
  for (const { first, count, rows } of ranges) {
    expect(first).toBe(next);
    expect(first % multiple).toBe(0);
    expect(rows.offset).toBe((whole.bytes / 10_007) * first);
    expect(rows.offset % 256).toBe(0);
    expect(rows.bytes).toBeLessThanOrEqual(limit);
    expect(rows.size).toBe(count * width);
    next += count;
  }
  expect(next).toBe(10_007);
});

it('has ranges of as many rows as are wanted, rounded up to what can be bound', () => {
  const counts = (width: number, most: number) =>
    rowRanges(matrix(100, width, 'f32'), Infinity, 8, most).map(({ count }) => count);
  expect(counts(64, 30)).toEqual([32, 32, 32, 4]);
  expect(counts(3, 30)).toEqual([64, 36]); // 64 rows of 12 bytes begin at a multiple of 256
  expect(counts(64, 100)).toEqual([100]);
});

it('says what is needed where not even that many rows fit', () => {
  expect(() => rowRanges(matrix(4096, 64, 'f32'), 1000, 8)).toThrow(/8 rows of wte/);
});
