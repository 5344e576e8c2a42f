/** The learning rate of each update: linear warm-up, then constant or linear decay to 0. */
import type { Config } from './config';

/** `update` counts from 0; every optimiser step of one update takes the same rate. */
export function learningRate(
  { learningRate: peak, warmupUpdates, decayUpdates }: Config,
  update: number,
): number {
  if (update < warmupUpdates) return (peak * (update + 1)) / warmupUpdates;
  if (decayUpdates === 0) return peak;
  return peak * Math.max(0, 1 - (update - warmupUpdates) / decayUpdates);
}
