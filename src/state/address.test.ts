import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG, parseConfig } from '../esper/config';
import { BUNDLED_PAIR } from '../esper/pair';
import { readAddress, writeAddress } from './address';

describe('the address bar', () => {
  test('names the seed, what is not the default, and nothing else', () => {
    expect(writeAddress(DEFAULT_CONFIG, BUNDLED_PAIR, '')).toBe('?seed=1');
    const config = parseConfig({ seed: 7, klCoef: 0.2, advantage: 'gae' });
    expect(writeAddress(config, BUNDLED_PAIR, '')).toBe('?seed=7&klCoef=0.2&advantage=gae');
  });

  test('gives the same config back', () => {
    const config = parseConfig({ seed: 0, learningRate: 3e-7, samplesPerImage: 4 });
    expect(readAddress(writeAddress(config, BUNDLED_PAIR, '')).config).toEqual(config);
  });

  test('names models that do not come with the page', () => {
    const pair = { ...BUNDLED_PAIR, lm: 'openai-community/gpt2', clipDType: 'fp16' as const };
    const search = writeAddress(DEFAULT_CONFIG, pair, '');
    expect(readAddress(search).pair).toEqual(pair);
    expect(writeAddress(DEFAULT_CONFIG, BUNDLED_PAIR, search)).toBe('?seed=1');
  });

  test.each(['?lm=../../secret', '?lm=a/b/c', '?clipDType=fp8'])(
    'takes the bundled models where a name cannot be one: %s',
    (search) => {
      expect(readAddress(search).pair).toEqual(BUNDLED_PAIR);
    },
  );

  test('leaves parameters of others alone', () => {
    expect(writeAddress(DEFAULT_CONFIG, BUNDLED_PAIR, '?from=mail&klCoef=3')).toBe(
      '?from=mail&seed=1',
    );
    expect(readAddress('?from=mail').fault).toBeUndefined();
  });

  test.each(['?klCoef=-1', '?klCoef=', '?klCoef=much', '?advantage=luck', '?minibatches=7'])(
    'falls back to the defaults and says why: %s',
    (search) => {
      const { config, fault } = readAddress(search);
      expect(config).toEqual(DEFAULT_CONFIG);
      expect(fault?.kind).toBe('config');
    },
  );
});
