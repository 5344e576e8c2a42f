/** Settings of a run on `smallNetworks` that takes milliseconds an iteration, for tests. */
import type { Config } from '../config';

export const SMALL_RUN = {
  imagesPerBatch: 3,
  samplesPerImage: 4,
  trainingPictures: 9,
  responseLength: 5,
  minResponse: 2,
  prefixLength: 2,
  epochs: 2,
  minibatches: 2,
} as const satisfies Partial<Config>;
