import { describe, expect, test } from 'vitest';
import { smooth } from './smoothing';

describe('smooth', () => {
  test('without smoothing gives the values back', () => {
    expect(smooth([3, -1, 4], 0)).toEqual([3, -1, 4]);
  });

  test('is not pulled towards zero at the start', () => {
    for (const value of smooth([5, 5, 5, 5], 0.9)) expect(value).toBeCloseTo(5, 12);
  });

  test('weighs older values down, worked by hand', () => {
    // m: .5, 1.25; 1 − s²: .75
    expect(smooth([1, 2], 0.5)).toEqual([1, 1.25 / 0.75]);
  });

  test('leaves gaps where a value is not finite', () => {
    expect(smooth([Number.NaN, 2, Infinity, 2], 0.5)).toEqual([null, 2, null, 2]);
  });
});
