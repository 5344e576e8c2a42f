/**
 * Greedy captions of given pictures, scored as training would score them. Works in groups of `ROWS`
 * pictures; unused rows of the last group are zero features whose captions are dropped.
 */
import { REWARD_TERMS, type RewardWeights } from '../gpu/kernels/reward/reward';
import { Readback } from '../gpu/readback';
import { Tensor } from '../gpu/tensor';
import type { Config } from './config';
import { Episodes } from './episodes';
import type { Networks } from './networks';
import { featureDivider, type Projector } from './projector';
import { createRollout } from './rollout';
import { createScoring } from './scoring';

const ROWS = 32;

export interface Caption {
  text: string;
  cosine: number;
  /** Total reward of the caption. */
  reward: number;
  /** Σ over its tokens of logp − refLogp, nats. */
  kl: number;
}

export interface Captioner {
  /** features [n, E], raw. */
  caption(features: Float32Array, weights: RewardWeights): Promise<Caption[]>;
  /** Cosines of pictures and given texts, n of each. */
  cosines(features: Float32Array, texts: readonly string[]): Promise<number[]>;
  destroy(): void;
}

export async function createCaptioner(
  networks: Networks,
  projector: Projector,
  config: Config,
): Promise<Captioner> {
  const { runner, E, query } = networks;
  const { D } = projector.shape;
  const shape = {
    I: ROWS,
    K: 1,
    P: config.prefixLength,
    Q: query.length,
    T: config.responseLength,
    D,
    E,
  };
  const episodes = new Episodes(runner, shape, query);
  episodes.choose(Uint32Array.from({ length: ROWS }, (_, row) => row));
  const table = new Tensor(runner.gpu, 'pictures to caption', [ROWS, E]);
  const [rollout, scoring] = await Promise.all([
    createRollout(networks, projector, episodes, table, config),
    createScoring(networks, episodes, table, config.minResponse),
  ]);
  const readback = new Readback(runner.gpu, 'captions', [
    episodes.cosine,
    episodes.rewards,
    episodes.terms,
  ]);
  const divider = featureDivider(projector.shape);
  const T = config.responseLength;

  const load = (features: Float32Array, first: number): number => {
    const count = Math.min(ROWS, features.length / E - first);
    const rows = new Float32Array(ROWS * E);
    for (let i = 0; i < count * E; i++) rows[i] = features[first * E + i]! / divider;
    table.write(rows);
    return count;
  };

  return {
    async caption(features, weights) {
      const captions: Caption[] = [];
      for (let first = 0; first < features.length / E; first += ROWS) {
        const count = load(features, first);
        const { texts, lengths } = await rollout.run({
          seed: 0,
          stream: 0,
          temperature: 1,
          greedy: true,
        });
        await scoring.run(texts, weights);
        const [cosine, rewards, terms] = await readback.read();
        for (let row = 0; row < count; row++) {
          const earned = rewards!.subarray(row * T, row * T + lengths[row]!);
          captions.push({
            text: texts[row]!,
            cosine: cosine![row]!,
            reward: earned.reduce((sum, value) => sum + value, 0),
            kl: terms![row * REWARD_TERMS.length]!,
          });
        }
      }
      return captions;
    },
    async cosines(features, texts) {
      const result: number[] = [];
      for (let first = 0; first < features.length / E; first += ROWS) {
        const count = load(features, first);
        const group = Array.from({ length: ROWS }, (_, row) => texts[first + row] ?? '');
        await scoring.cosines(group);
        const [cosine] = await readback.read();
        result.push(...cosine!.subarray(0, count));
      }
      return result;
    },
    destroy() {
      rollout.destroy();
      scoring.destroy();
      readback.destroy();
      episodes.destroy();
      table.destroy();
    },
  };
}
