/** A smaller run where the chosen one does not fit the GPU. */
import { batchSize, type Config, parseConfig } from './config';

/**
 * The settings nearest to `config` that need at most `room` bytes. Activations that are computed again come
 * first, which cost time and change nothing; then more minibatches (each is an optimiser step); then fewer
 * pictures an update.
 * @param bytesOf memory of a run with given settings
 * @returns undefined where even one picture does not fit
 */
export function fitConfig(
  config: Config,
  room: number,
  bytesOf: (config: Config) => number,
): Config | undefined {
  const recomputed: Config = { ...config, activations: 'recompute' };
  for (const settings of [config, recomputed]) if (bytesOf(settings) <= room) return settings;
  return withFewer(recomputed, room, bytesOf);
}

function withFewer(
  config: Config,
  room: number,
  bytesOf: (config: Config) => number,
): Config | undefined {
  for (let images = config.imagesPerBatch; images >= 1; images = Math.floor(images / 2)) {
    const batch = batchSize({ ...config, imagesPerBatch: images });
    for (let minibatches = Math.min(config.minibatches, batch); minibatches <= 64; minibatches++) {
      if (batch % minibatches !== 0) continue;
      const smaller = parseConfig({ ...config, imagesPerBatch: images, minibatches });
      if (bytesOf(smaller) <= room) return smaller;
    }
  }
  return undefined;
}
