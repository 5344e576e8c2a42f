import { describe, expect, it } from 'vitest';
import { compileReward, type Response } from './reward-expression';

const RESPONSE: Response = {
  text: 'A red ball, red as fire.',
  cosine: 0.3,
  clip: 2.5,
  length: 9,
  logprob: -1.5,
  fluency: -2,
};

function valueOf(expression: string): number {
  const compiled = compileReward(expression);
  if (!compiled.ok) throw new Error(compiled.problem);
  return compiled.value(RESPONSE);
}

describe('a reward by expression', () => {
  it.each([
    ['clip', 2.5],
    ['100 * cosine - 10', 20],
    ['-abs(words - 8)', -2],
    ["clip + 2 * has('RED') - has('blue')", 4.5],
    ["count('red') + count('dog')", 2],
    ['length > 8 ? -1 : 1', -1],
    ['min(clip, 1, 7) + max(0, logprob - fluency)', 1.5],
    ['!(words == 6) || cosine < 0.1 && length >= 9', 0],
    ['exp(log(sqrt(4))) % 2', 0],
  ])('%s is %d', (expression, expected) => {
    expect(valueOf(expression)).toBeCloseTo(expected, 12);
  });

  it.each([
    ['clap', /clap is not known here; known are clip, cosine/],
    ['constructor', /not known/],
    ['toString()', /not known/],
    ['has(red)', /one word in quotes/],
    ["has('red', 'blue')", /one word in quotes/],
    ["'red'", /no number/],
    ['this', /not allowed|no number/],
    ['clip.constructor', /MemberExpression is not allowed/],
    ['(1).constructor', /not allowed/],
    ["globalThis['alert'](1)", /not known|not allowed/],
    ['[1, 2]', /not allowed/],
    ['clip clip', /not allowed/],
    ['', /not allowed/],
    ['1 +', /./],
    ['abs()', /wants a number/],
    ['clip ** 2', /./],
    ['x => x', /./],
  ])('refuses “%s”', (expression, problem) => {
    const compiled = compileReward(expression);
    expect(compiled.ok).toBe(false);
    if (!compiled.ok) expect(compiled.problem).toMatch(problem);
  });
});
