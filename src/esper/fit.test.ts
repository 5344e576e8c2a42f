import { describe, expect, it } from 'vitest';
import { parseConfig } from './config';
import { fitConfig } from './fit';

const config = parseConfig({ imagesPerBatch: 8, samplesPerImage: 4, minibatches: 2 });
/** Ten for each episode, for each row of a minibatch a hundred, or fifty where it is computed again. */
const bytesOf = ({ imagesPerBatch, samplesPerImage, minibatches, activations }: typeof config) => {
  const batch = imagesPerBatch * samplesPerImage;
  return 10 * batch + ((activations === 'keep' ? 100 : 50) * batch) / minibatches;
};
const recomputed = { ...config, activations: 'recompute' };

describe('a run that does not fit', () => {
  it('stays as it is where it does', () => {
    expect(fitConfig(config, 1920, bytesOf)).toEqual(config);
  });

  it('computes activations again first', () => {
    expect(fitConfig(config, 1919, bytesOf)).toEqual(recomputed);
    expect(fitConfig(config, 1120, bytesOf)).toEqual(recomputed);
  });

  it('then takes more minibatches', () => {
    expect(fitConfig(config, 1119, bytesOf)).toEqual({ ...recomputed, minibatches: 4 });
    expect(fitConfig(config, 370, bytesOf)).toEqual({ ...recomputed, minibatches: 32 });
  });

  it('then fewer pictures', () => {
    const smaller = { ...recomputed, imagesPerBatch: 2, minibatches: 8 };
    expect(fitConfig(config, 130, bytesOf)).toEqual(smaller);
  });

  it('does not exist where one picture is too much', () => {
    expect(fitConfig(config, 50, bytesOf)).toBeUndefined();
  });
});
