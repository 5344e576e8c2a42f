/** What the GPU programs of a run work on, made once. */
import { Tensor } from '../gpu/tensor';
import { batchSize, type Config } from './config';
import { Episodes } from './episodes';
import type { Networks } from './networks';
import type { Projector } from './projector';

export interface Batch {
  episodes: Episodes;
  /** [N, E], the training pictures' divided features; empty at first. */
  table: Tensor;
  /** [B, E]: what stands for the pictures of a warm start's texts. */
  texts: Tensor;
  destroy(): void;
}

export function createBatch(
  { runner, E, query }: Networks,
  projector: Projector,
  config: Config,
): Batch {
  const table = new Tensor(runner.gpu, 'training pictures', [config.trainingPictures, E]);
  const shape = {
    I: config.imagesPerBatch,
    K: config.samplesPerImage,
    Q: query.length,
    T: config.responseLength,
    ...projector.shape,
  };
  const episodes = new Episodes(runner, shape, query);
  const texts = new Tensor(runner.gpu, 'pseudo-pictures of texts', [batchSize(config), E]);
  return {
    episodes,
    table,
    texts,
    destroy() {
      episodes.destroy();
      table.destroy();
      texts.destroy();
    },
  };
}
