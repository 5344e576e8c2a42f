/** Learning from texts alone, before PPO. */
import { live, real, whole } from './field';

export const WARM_START = {
  warmStartUpdates: live(
    whole(0, 10_000).default(0),
    'Warm start',
    'updates',
    'So many first updates learn to write texts back from the texts’ own CLIP features, without any picture of them (CapDec). Then PPO.',
  ),
  warmStartNoise: live(
    real(0, 1).default(0.016),
    'Warm start noise',
    '',
    'Variance of the noise in each component of a text’s unit feature, so that pictures will be read as well; CapDec’s is .016.',
  ),
};
