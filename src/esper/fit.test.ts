import { describe, expect, it } from 'vitest';
import { parseConfig } from './config';
import { fitConfig } from './fit';

const config = parseConfig({ imagesPerBatch: 8, samplesPerImage: 4, minibatches: 2 });
/** Ten for each episode, a hundred for each row of a minibatch. */
const bytesOf = ({ imagesPerBatch, samplesPerImage, minibatches }: typeof config) => {
  const batch = imagesPerBatch * samplesPerImage;
  return 10 * batch + (100 * batch) / minibatches;
};

describe('a run that does not fit', () => {
  it('stays as it is where it does', () => {
    expect(fitConfig(config, 1920, bytesOf)).toEqual(config);
  });

  it('takes more minibatches first', () => {
    expect(fitConfig(config, 1919, bytesOf)).toEqual({ ...config, minibatches: 4 });
    expect(fitConfig(config, 420, bytesOf)).toEqual({ ...config, minibatches: 32 });
  });

  it('then fewer pictures', () => {
    const smaller = { ...config, imagesPerBatch: 2, minibatches: 8 };
    expect(fitConfig(config, 200, bytesOf)).toEqual(smaller);
  });

  it('does not exist where one picture is too much', () => {
    expect(fitConfig(config, 100, bytesOf)).toBeUndefined();
  });
});
