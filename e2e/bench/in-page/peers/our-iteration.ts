/**
 * This project's own PPO iteration, as a run does it but for CLIP, whose features of the texts are random: rollout,
 * scoring, advantages, every optimiser step, and its report.
 */
import { parseConfig } from '../../../../src/esper/config';
import type { Networks } from '../../../../src/esper/networks';
import { Trainer } from '../../../../src/esper/trainer';
import type { LanguageModel } from '../../../../src/frozen/gpt2/model';
import type { KernelRunner } from '../../../../src/gpu/kernel';
import { Random } from '../../../../src/math/random';
import { networksOf } from '../random-networks';
import type { Peer } from './peer';
import type { Work } from './work';

export async function ourIteration(
  runner: KernelRunner,
  lm: LanguageModel,
  { rollout, settings }: Work,
): Promise<Peer> {
  const random = new Random(1);
  const normal = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  const plain = networksOf(runner, lm, rollout.query);
  const features = normal(rollout.B * plain.E);
  const networks: Networks = {
    ...plain,
    clip: { textFeatures: async (_, out) => out.write(features, 0) },
  };
  const config = parseConfig(settings);
  const trainer = await Trainer.create(networks, config);
  trainer.setPictures(normal(config.trainingPictures * networks.E), 0);
  return {
    name: `ours, language model on ${lm.provider}`,
    operations: {
      iteration: {
        async run() {
          const { steps } = await trainer.iterate();
          return steps.map(({ gradNorm }) => gradNorm);
        },
      },
    },
    destroy: () => trainer.destroy(),
  };
}
