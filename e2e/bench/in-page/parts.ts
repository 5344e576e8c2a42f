/**
 * A run's GPU programs as training makes them, in parts that can be timed one by one. The optimiser's steps have a
 * learning rate of 0: every round does the same work.
 */
import { type Advantages, createAdvantages } from '../../../src/esper/advantage';
import { type Batch, createBatch } from '../../../src/esper/batch';
import type { Config } from '../../../src/esper/config';
import { createMinibatch } from '../../../src/esper/minibatch';
import type { Networks } from '../../../src/esper/networks';
import { createOptimizer } from '../../../src/esper/optimizer';
import { Projector } from '../../../src/esper/projector';
import { shapeOf } from '../../../src/esper/projector/shape';
import { initialProjector } from '../../../src/esper/projector/values';
import { queriesOf } from '../../../src/esper/queries';
import { createRollout, type Rollout } from '../../../src/esper/rollout';
import { createScoring, type Scoring } from '../../../src/esper/scoring';
import type { Gpt2Differentiable } from '../../../src/frozen/gpt2/differentiable';
import type { Step } from '../../../src/gpu/kernel';

/** One optimiser step, in the order in which it runs. */
export const UPDATE_PHASES = [
  'projector forward',
  'GPT-2 forward',
  'head forward',
  'loss',
  'head backward',
  'GPT-2 backward',
  'projector backward',
  'optimiser',
] as const;
export type UpdatePhase = (typeof UPDATE_PHASES)[number];

export interface Parts {
  projector: Projector;
  batch: Batch;
  rollout: Rollout;
  /** Its log-probabilities and rewards; CLIP's text network is the networks' own. */
  scoring: Scoring;
  advantages: Advantages;
  update: Readonly<Record<UpdatePhase, readonly Step[]>>;
  destroy(): void;
}

export async function createParts(networks: Networks, config: Config): Promise<Parts> {
  const { runner, lm, E } = networks;
  const shape = shapeOf(config, lm.config, E);
  const projector = new Projector(runner.gpu, shape, initialProjector(shape, config.seed));
  const batch = createBatch(networks, projector, config, queriesOf(networks, config));
  const { episodes, table } = batch;
  const [rollout, scoring, advantages] = await Promise.all([
    createRollout(networks, projector, episodes, table, config),
    createScoring(networks, episodes, table, config),
    createAdvantages(networks, episodes, config, undefined, table),
  ]);
  let gpt2: Gpt2Differentiable | undefined;
  const watched: Networks = {
    ...networks,
    differentiate: async (sizes) => (gpt2 = await networks.differentiate(sizes)),
  };
  const minibatch = await createMinibatch(watched, projector, undefined, batch, advantages, config);
  const optimizer = await createOptimizer(runner, projector.parameters, minibatch.gradients, 1);
  const { B } = episodes.shape;
  const rows = Uint32Array.from({ length: B / config.minibatches }, (_, row) => row);
  minibatch.configure(rows, { ...config, hasPolicyTerm: true, isWarmStart: false }, 0);
  const { weightDecay, maxGradNorm } = config;
  optimizer.configure({ learningRate: 0, weightDecay, maxGradNorm, step: 1, row: 0 });
  return {
    projector,
    batch,
    rollout,
    scoring,
    advantages,
    update: { ...phasesOf(minibatch.steps, gpt2!), optimiser: optimizer.steps },
    destroy() {
      for (const part of [optimizer, minibatch, advantages, scoring, rollout, batch, projector])
        part.destroy();
    },
  };
}

/**
 * GPT-2's own steps stand in the minibatch's list as they are: before them lies the projector, between them the head
 * and, inside of it, the loss.
 */
function phasesOf(
  steps: readonly Step[],
  { forward, backward }: Gpt2Differentiable,
): Record<Exclude<UpdatePhase, 'optimiser'>, readonly Step[]> {
  const begin = steps.indexOf(forward[0]!);
  const read = steps.indexOf(forward.at(-1)!) + 1;
  const back = steps.indexOf(backward[0]!);
  const end = steps.indexOf(backward.at(-1)!) + 1;
  if (
    begin < 0 ||
    read !== begin + forward.length ||
    back <= read + 1 ||
    end !== back + backward.length
  )
    throw new Error('the steps of a minibatch are not in the order that this benchmark knows');
  return {
    'projector forward': steps.slice(0, begin),
    'GPT-2 forward': forward,
    'head forward': steps.slice(read, read + 1),
    loss: steps.slice(read + 1, back - 1),
    'head backward': steps.slice(back - 1, back),
    'GPT-2 backward': backward,
    'projector backward': steps.slice(end),
  };
}
