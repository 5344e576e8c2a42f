/** What the GPU programs of a run work on, made once. */
import { Tensor } from '../gpu/tensor';
import { batchSize, type Config } from './config';
import { pictureRows, queryPlaces } from './draws';
import { Episodes } from './episodes';
import type { Networks } from './networks';
import type { Projector } from './projector';
import type { Queries } from './queries';

export interface Batch {
  episodes: Episodes;
  /** [N, E], the training pictures' divided features; empty at first. */
  table: Tensor;
  /** [B, E]: what stands for the pictures of a warm start's texts. */
  texts: Tensor;
  /** Draws the pictures of a rollout, out of the first `available`, and what their captions follow. */
  draw(stream: number, available: number): void;
  destroy(): void;
}

export function createBatch(
  { runner, E }: Networks,
  projector: Projector,
  config: Config,
  { choices, probabilities }: Queries,
): Batch {
  const table = new Tensor(runner.gpu, 'training pictures', [config.trainingPictures, E]);
  const texts = new Tensor(runner.gpu, 'pseudo-pictures of texts', [batchSize(config), E]);
  const shape = {
    I: config.imagesPerBatch,
    K: config.samplesPerImage,
    Q: choices[0]!.tokens.length,
    T: config.responseLength,
    ...projector.shape,
  };
  const episodes = new Episodes(runner, shape, choices[0]!.tokens);
  return {
    episodes,
    table,
    texts,
    draw(stream, available) {
      const { seed, trainingPictures, imagesPerBatch: I } = config;
      episodes.choose(pictureRows(seed, stream, Math.min(available, trainingPictures), I));
      episodes.ask(queryPlaces(seed, stream, probabilities, I).map((place) => choices[place]!));
    },
    destroy() {
      episodes.destroy();
      table.destroy();
      texts.destroy();
    },
  };
}
