import { describe, expect, test } from 'vitest';
import { bytes, duration, percent, plain, short } from './format';

test.each([
  [0.12344, '0.1234'],
  [-4.56789, '-4.5679'],
  [42, '42'],
  [12.345, '12.35'],
  [1234.56, '1235'],
  [318767104, '318767104'],
  [0.001, '0.00100'],
  [1.5e-7, '0.000000150'],
  [0, '0'],
  [Number.NaN, '–'],
])('plain(%o) is %s', (value, text) => {
  expect(plain(value)).toBe(text);
});

describe('short', () => {
  test.each([
    [0, '0'],
    [0.25, '0.25'],
    [-1.5, '-1.5'],
    [250, '250'],
    [12_345, '12k'],
    [2e-5, '2.0e-5'],
    [3e9, '3.0e9'],
  ])('%o is %s', (value, text) => {
    expect(short(value)).toBe(text);
  });
});

test('percent rounds', () => {
  expect(percent(0.956)).toBe('96 %');
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1500, '1.5 kB'],
  [548_105_171, '548 MB'],
  [999_700_000, '1 GB'],
])('bytes(%d) is %s', (count, text) => {
  expect(bytes(count)).toBe(text);
});

test.each([
  [0.2, '1 s'],
  [89, '89 s'],
  [100, '2 min'],
  [3900, '65 min'],
  [7500, '2 h 5 min'],
])('duration(%d) is %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
