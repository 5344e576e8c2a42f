/**
 * Scoring of sampled responses: teacher-forced log-probs of the policy and of the text-only LM (at
 * temperature 1, with only the end-of-text ban), CLIP's cosine, and from them the reward of each token.
 */
import { Copy } from '../gpu/copies';
import { columns } from '../gpu/kernels/columns/columns';
import { cosine } from '../gpu/kernels/cosine/cosine';
import { lmHeadForward } from '../gpu/kernels/lm-head/lm-head';
import { reward, rewardParams, type RewardWeights } from '../gpu/kernels/reward/reward';
import type { Tensor } from '../gpu/tensor';
import type { Config } from './config';
import type { Episodes } from './episodes';
import type { Networks } from './networks';
import { createOwnReward } from './own-reward';
import type { Response } from './reward-expression';
import type { Responses } from './rollout';
import { type ClipText, textsForClip } from './sentences';

/** What CLIP reads, the weights, and a reward in place of CLIP's where the person wrote one. */
export type ScoringSettings = [
  reads: ClipText,
  weights: RewardWeights,
  expression: ((response: Response) => number) | undefined,
];

export interface Scoring {
  /** Fills `episodes.sequences` from query and tokens. */
  sequences(): void;
  /** Cosines only: what the calibration pass needs. */
  cosines(texts: readonly string[], reads: ClipText): Promise<void>;
  /** Everything, rewards included. */
  run(responses: Responses, ...settings: ScoringSettings): Promise<void>;
  destroy(): void;
}

export async function createScoring(
  networks: Networks,
  episodes: Episodes,
  table: Tensor,
  { minResponse, fidelity }: Pick<Config, 'minResponse' | 'fidelity'>,
): Promise<Scoring> {
  const { runner, lm, clip } = networks;
  const { P, Q, T } = episodes.shape;
  const eos = lm.config.eos_token_id;
  const head = { weight: lm.weights.head, targets: episodes.tokens, eos, minResponse };
  const copyTokens = (source: Tensor, to: number, count: number) =>
    columns(runner, { source, out: episodes.sequences, from: 0, to, count });
  const unweighted: RewardWeights = {
    klCoef: 0,
    clipWeight: 0,
    gain: 1,
    bias: 0,
    fluencyWeight: 0,
    repetitionWeight: 0,
  };
  const [sequenceSteps, policyHead, referenceHead, cosineStep, rewardStep] = await Promise.all([
    Promise.all([
      copyTokens(episodes.query, 0, Q),
      ...(T > 1 ? [copyTokens(episodes.tokens, Q, T - 1)] : []),
    ]),
    lmHeadForward(runner, {
      ...head,
      policy: { hidden: episodes.hidden, offset: P + Q - 1 },
      logp: episodes.logp,
      entropy: episodes.entropy,
      lse: episodes.lse,
    }),
    lmHeadForward(runner, {
      ...head,
      policy: { hidden: episodes.refHidden, offset: Q - 1 },
      logp: episodes.refLogp,
      entropy: episodes.refEntropy,
      lse: episodes.refLse,
    }),
    cosine(runner, {
      image: table,
      text: episodes.textFeatures,
      imageIndex: episodes.imageIndex,
      first: episodes.firstText,
      out: episodes.cosine,
    }),
    reward(runner, {
      ...episodes,
      endOfText: eos,
      weights: unweighted,
      released: fidelity === 'released',
    }),
  ]);

  const cosines = async (texts: readonly string[], reads: ClipText) => {
    const read = texts.map((text) => textsForClip(text, reads));
    const first = new Uint32Array(texts.length + 1);
    for (const [b, { length }] of read.entries()) first[b + 1] = first[b]! + length;
    episodes.firstText.write(first);
    await clip.textFeatures(read.flat(), episodes.textFeatures);
    runner.submit('cosine', [cosineStep, new Copy(episodes.cosine, episodes.score)]);
  };

  const own = createOwnReward(runner, episodes);
  const sequences = () => runner.submit('sequences', sequenceSteps);
  return {
    sequences,
    cosines,
    async run(responses, reads, weights, expression) {
      sequences();
      const { prefix, sequences: tokens, hidden, refHidden } = episodes;
      const { inMemory } = responses;
      await lm.hidden({ prefix, tokens, inMemory, out: hidden });
      await lm.hidden({ prefix: undefined, tokens, inMemory, out: refHidden });
      await cosines(responses.texts, reads);
      runner.submit('log-probs', [policyHead, referenceHead]);
      if (expression) await own.score(responses, weights, expression);
      // A score by expression is a reward as it is.
      const scale = expression ? { gain: 1, bias: 0 } : {};
      rewardStep.setParams(rewardParams({ ...weights, ...scale }));
      runner.submit('reward', [rewardStep]);
    },
    destroy() {
      const steps = [...sequenceSteps, policyHead, referenceHead, cosineStep, rewardStep];
      for (const step of steps) step.destroy();
      own.destroy();
    },
  };
}
