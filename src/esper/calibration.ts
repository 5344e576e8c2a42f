/** The first pass of a run: cosines of what its untrained policy says of the first pictures. */
import { CALIBRATION_STREAM } from './draws';
import type { Batch } from './batch';
import type { Sampling } from './programs';
import { type Calibration, calibrate } from './run-state';
import type { Config } from './config';
import { drawsOf } from './rollout';

/** Episodes of the first pass that calibrates the CLIP reward. */
const CALIBRATION_EPISODES = 256;
/** Its pictures: the first ones, which are all that must be there before the first reward. */
export const CALIBRATION_PICTURES = 64;

export async function firstPass(
  { rollout, scoring }: Sampling,
  { episodes, draw }: Batch,
  config: Config,
): Promise<Calibration> {
  const cosines: number[] = [];
  const { B } = episodes.shape;
  for (let pass = 0; pass * B < CALIBRATION_EPISODES; pass++) {
    const stream = CALIBRATION_STREAM + pass;
    draw(stream, CALIBRATION_PICTURES);
    const { texts } = await rollout.run(drawsOf(config, stream));
    await scoring.cosines(texts, config.clipText);
    cosines.push(...((await episodes.cosine.read()) as Float32Array));
  }
  return calibrate(cosines);
}
