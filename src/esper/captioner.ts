/**
 * Greedy captions of given pictures, scored as training would score them. Works in groups of as many
 * pictures as there are queries; unused rows of the last group are zero features whose captions are dropped.
 */
import { REWARD_TERMS } from '../gpu/kernels/reward/reward';
import { Readback } from '../gpu/readback';
import { Tensor } from '../gpu/tensor';
import type { Config } from './config';
import { Episodes } from './episodes';
import type { Networks } from './networks';
import type { Projector } from './projector';
import type { Query } from './queries';
import { createRollout } from './rollout';
import { createScoring, type Scoring, type ScoringSettings } from './scoring';

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
  write(features: Float32Array): Promise<string[]>;
  /** The same texts, scored. */
  caption(features: Float32Array, ...scoring: ScoringSettings): Promise<Caption[]>;
  /** Cosines of pictures and given texts, n of each. */
  cosines(features: Float32Array, texts: readonly string[]): Promise<number[]>;
  destroy(): Promise<void>;
}

/**
 * Compiles what writing needs; what scoring needs is compiled when it is first asked for.
 * @param queries what the captions of a group follow: one a row
 */
export async function createCaptioner(
  networks: Networks,
  projector: Projector,
  config: Config,
  queries: readonly Query[],
): Promise<Captioner> {
  const { runner, E } = networks;
  const T = config.responseLength;
  const groupRows = queries.length;
  const { tokens } = queries[0]!;
  const shape = { I: groupRows, K: 1, Q: tokens.length, T, ...projector.shape };
  const episodes = new Episodes(runner, shape, tokens);
  episodes.ask(queries);
  episodes.choose(Uint32Array.from({ length: groupRows }, (_, row) => row));
  const table = new Tensor(runner.gpu, 'pictures to caption', [groupRows, E]);
  const rollout = await createRollout(networks, projector, episodes, table, config);
  let scoring: Promise<Scoring> | undefined;
  const scorer = () => {
    scoring ??= createScoring(networks, episodes, table, config);
    return scoring;
  };
  const readback = new Readback(runner.gpu, 'captions', [
    episodes.cosine,
    episodes.rewards,
    episodes.terms,
  ]);

  /** Calls `work` with the first picture and the number of pictures of each group, put in the table. */
  const inGroups = async <R>(
    features: Float32Array,
    work: (first: number, count: number) => Promise<R[]>,
  ): Promise<R[]> => {
    const results: R[] = [];
    for (let first = 0; first < features.length / E; first += groupRows) {
      const count = Math.min(groupRows, features.length / E - first);
      const rows = new Float32Array(groupRows * E);
      rows.set(projector.input(features.subarray(first * E, (first + count) * E)));
      table.write(rows);
      results.push(...(await work(first, count)));
    }
    return results;
  };
  const draws = { seed: 0, stream: 0, temperature: 1, greedy: true, topK: 0, topP: 1 };
  const greedy = () => rollout.run(draws);

  return {
    write: (features) =>
      inGroups(features, async (_, count) => (await greedy()).texts.slice(0, count)),

    caption: (features, ...settings) =>
      inGroups(features, async (_, count) => {
        const responses = await greedy();
        const { texts, lengths } = responses;
        await (await scorer()).run(responses, ...settings);
        const [cosine, rewards, terms] = await readback.read();
        return Array.from({ length: count }, (__, row) => ({
          text: texts[row]!,
          cosine: cosine![row]!,
          reward: rewards!
            .subarray(row * T, row * T + lengths[row]!)
            .reduce((sum, value) => sum + value, 0),
          kl: terms![row * REWARD_TERMS.length]!,
        }));
      }),

    cosines: (features, texts) =>
      inGroups(features, async (first, count) => {
        const group = Array.from({ length: groupRows }, (_, row) => texts[first + row] ?? '');
        await (await scorer()).cosines(group, 'whole');
        const [cosine] = await readback.read();
        return [...cosine!.subarray(0, count)];
      }),

    async destroy() {
      // A scorer that did not compile has said so where it was asked for.
      (await scoring?.catch(() => undefined))?.destroy();
      for (const part of [rollout, readback, episodes, table]) part.destroy();
    },
  };
}
