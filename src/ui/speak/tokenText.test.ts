import { expect, it } from 'vitest';
import { percent, shown } from './tokenText';

it('shows tokens that have no letters', () => {
  expect(shown(' circle')).toBe('circle');
  expect(shown('ing')).toBe('ing');
  expect(shown(' ')).toBe('␣');
  expect(shown('\n')).toBe('↵');
  expect(shown('<|endoftext|>')).toBe('⏹ end');
});

it('rounds probabilities without lying about nothing and everything', () => {
  expect([0, 0.004, 0.005, 0.123, 0.995, 0.997, 1].map(percent)).toEqual([
    '<1 %',
    '<1 %',
    '1 %',
    '12 %',
    '100 %',
    '>99 %',
    '100 %',
  ]);
});
