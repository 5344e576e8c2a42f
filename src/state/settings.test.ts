import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG, parseConfig } from '../esper/config';
import { INITIAL_SESSION, type SessionState } from './session';
import { changeSetting, isSameShape, lockOf } from './settings';

const session = (changes: Partial<SessionState>): SessionState => ({
  ...INITIAL_SESSION,
  ...changes,
});

describe('changeSetting', () => {
  test('takes a valid text', () => {
    const change = changeSetting(DEFAULT_CONFIG, 'learningRate', ' 3e-4 ');
    expect(change).toEqual({ ok: true, config: { ...DEFAULT_CONFIG, learningRate: 3e-4 } });
  });

  test.each([
    ['klCoef', '', 'A number from 0 to 10'],
    ['klCoef', 'much', 'A number from 0 to 10'],
    ['epochs', '1.5', 'A whole number from 1 to 16'],
    ['epochs', '17', 'A whole number from 1 to 16'],
    ['advantage', 'luck', 'One of rloo, grpo, gae'],
    ['minibatches', '7', '64 episodes do not split into 7 equal minibatches'],
  ] as const)('%s = “%s” is refused: %s', (name, text, problem) => {
    expect(changeSetting(DEFAULT_CONFIG, name, text)).toEqual({ ok: false, problem });
  });
});

describe('lockOf', () => {
  test('nothing can be changed before the models are there', () => {
    expect(lockOf(session({ status: 'loading' }), 'klCoef')).toMatch(/models/);
  });

  test('a run fixes structural settings only, until reset', () => {
    const running = session({ status: 'paused', update: 3 });
    expect(lockOf(running, 'prefixLength')).toMatch(/Reset/);
    expect(lockOf(running, 'learningRate')).toBeUndefined();
    expect(lockOf(session({ status: 'ready' }), 'prefixLength')).toBeUndefined();
  });

  test('after a failure a smaller batch may be chosen', () => {
    expect(lockOf(session({ status: 'failed', update: 3 }), 'imagesPerBatch')).toBeUndefined();
  });
});

test('isSameShape looks at structural settings only', () => {
  expect(isSameShape(DEFAULT_CONFIG, parseConfig({ klCoef: 1 }))).toBe(true);
  expect(isSameShape(DEFAULT_CONFIG, parseConfig({ seed: 2 }))).toBe(false);
});
