/** What a run looks at, and how often it is kept. */
import { live, oneOf, structural, whole } from './field';

export const RUN = {
  fidelity: structural(
    oneOf(['textbook', 'released']).default('textbook'),
    'Fidelity',
    '',
    'released reproduces what ESPER’s released code computes where it differs from what was meant: whitening by the root of the deviation, a KL loss that is always 0, repeated tokens never penalised, the pair’s own query drawn as often as opening words leave over.',
  ),
  seed: structural(
    whole(0, 2 ** 31 - 1).default(1),
    'Seed',
    '',
    'The same seed on the same device gives the same run, bit for bit.',
  ),
  imagesPerBatch: structural(
    whole(1, 256).default(8),
    'Pictures an update',
    'pictures',
    'How many different pictures one update looks at.',
  ),
  samplesPerImage: structural(
    whole(1, 64).default(8),
    'Samples a picture',
    'samples',
    'How many captions are sampled for each picture; they are each other’s baseline (K).',
  ),
  trainingPictures: structural(
    whole(8, 4096).default(512),
    'Training pictures',
    'pictures',
    'How many pictures training draws from: so many generated scenes, or so many of your photos.',
  ),
  checkpointEvery: live(
    whole(1, 1000).default(20),
    'Checkpoint every',
    'updates',
    'A checkpoint is stored in this browser after so many updates, and at every pause.',
  ),
};
