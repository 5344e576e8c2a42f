/** What a run looks at, and how often it is kept. */
import { live, structural, whole } from './field';

export const RUN = {
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
