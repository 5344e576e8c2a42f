/** The prefix of one picture, the same for every row of a batch. */
import { Tensor } from '../../gpu/tensor';
import { Episodes } from '../episodes';
import type { Networks } from '../networks';
import type { Projector } from '../projector';
import { createPrefixes } from '../rollout';

export interface PicturePrefix {
  /** [rows, P, D] */
  readonly prefix: Tensor;
  destroy(): void;
}

/** A picture as the run's projector sees it. */
export interface Seen {
  projector: Projector;
  /** [E], raw. */
  features: Float32Array;
}

export async function prefixOf(
  networks: Networks,
  { projector, features }: Seen,
  rows: number,
): Promise<PicturePrefix> {
  const { runner, E } = networks;
  const shape = { I: 1, K: rows, Q: 1, T: 1, ...projector.shape };
  const episodes = new Episodes(runner, shape, [0]);
  episodes.choose(Uint32Array.of(0));
  const table = Tensor.from(runner.gpu, 'picture', [1, E], projector.input(features));
  const prefixes = await createPrefixes(networks, projector, episodes, table);
  runner.submit('prefix', prefixes.steps);
  return {
    prefix: episodes.prefix,
    destroy() {
      for (const part of [prefixes, table, episodes]) part.destroy();
    },
  };
}
