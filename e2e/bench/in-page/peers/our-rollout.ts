/** This project's own rollout of the text-only language model, as training samples. */
import { createBatch } from '../../../../src/esper/batch';
import { parseConfig } from '../../../../src/esper/config';
import { Projector } from '../../../../src/esper/projector';
import { shapeOf } from '../../../../src/esper/projector/shape';
import { initialProjector } from '../../../../src/esper/projector/values';
import { queriesOf } from '../../../../src/esper/queries';
import { createRollout } from '../../../../src/esper/rollout';
import type { LanguageModel } from '../../../../src/frozen/gpt2/model';
import type { KernelRunner } from '../../../../src/gpu/kernel';
import { networksOf } from '../random-networks';
import type { Operation, Peer } from './peer';
import type { Work } from './work';

export const TEMPERATURE = 0.8;

export async function ourRollout(
  runner: KernelRunner,
  lm: LanguageModel,
  { rollout: { B, query, T } }: Work,
): Promise<Peer> {
  // None may end, so that everyone decodes T tokens.
  const config = parseConfig({
    imagesPerBatch: B / 2,
    samplesPerImage: 2,
    minibatches: 1,
    prefixLength: 1,
    responseLength: T,
    minResponse: T,
  });
  const networks = networksOf(runner, lm, query);
  const shape = shapeOf(config, lm.config, networks.E);
  const projector = new Projector(runner.gpu, shape, initialProjector(shape, 1));
  const batch = createBatch(networks, projector, config, queriesOf(networks, config));
  const rollout = await createRollout(networks, projector, batch.episodes, batch.table, config);
  let stream = 0;
  const sampling = (greedy: boolean): Operation => ({
    async run() {
      const { temperature, topK, topP } = { temperature: TEMPERATURE, topK: 0, topP: 1 };
      const { tokens } = await rollout.run({
        seed: 1,
        stream: stream++,
        temperature,
        topK,
        topP,
        greedy,
        blind: true,
      });
      return tokens;
    },
  });
  return {
    name: `ours, language model on ${lm.provider}`,
    operations: { 'greedy rollout': sampling(true), 'sampled rollout': sampling(false) },
    async destroy() {
      rollout.destroy();
      batch.destroy();
      projector.destroy();
    },
  };
}
