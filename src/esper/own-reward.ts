/** Scores a batch by the person's own expression: one read-back more, only where there is one. */
import { Fault } from '../faults';
import type { RewardWeights } from '../gpu/kernels/reward/reward';
import type { KernelRunner } from '../gpu/kernel';
import { Readback } from '../gpu/readback';
import type { Episodes } from './episodes';
import type { Response } from './reward-expression';
import type { Responses } from './rollout';

export interface OwnReward {
  /**
   * Writes `episodes.score` from cosine and log-probabilities.
   * @throws Fault config where the expression gives no number
   */
  score(
    responses: Responses,
    calibration: Pick<RewardWeights, 'gain' | 'bias'>,
    expression: (response: Response) => number,
  ): Promise<void>;
  destroy(): void;
}

export function createOwnReward(runner: KernelRunner, episodes: Episodes): OwnReward {
  const { T } = episodes.shape;
  const readback = new Readback(runner.gpu, 'what an expression knows', [
    episodes.cosine,
    episodes.logp,
    episodes.refLogp,
  ]);
  return {
    async score({ texts, lengths }, { gain, bias }, expression) {
      const [cosines, logp, refLogp] = await readback.read();
      const scores = texts.map((text, b) => {
        const length = lengths[b]!;
        const mean = (values: Float32Array) =>
          values.subarray(b * T, b * T + length).reduce((sum, value) => sum + value, 0) /
          Math.max(length, 1);
        const cosine = cosines![b]!;
        const clip = gain * (cosine - bias);
        const [logprob, fluency] = [mean(logp!), mean(refLogp!)];
        const value = expression({ text, cosine, clip, length, logprob, fluency });
        if (Number.isFinite(value)) return value;
        const problem = `the reward’s expression gives ${value} for “${text}”; change it so that it is a number`;
        throw new Fault({ kind: 'config', problems: [problem] });
      });
      episodes.score.write(Float32Array.from(scores));
    },
    destroy: () => readback.destroy(),
  };
}
