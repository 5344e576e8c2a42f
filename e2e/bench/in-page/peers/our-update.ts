/** This project's own optimiser step of the projector, through the frozen GPT-2. */
import { createOptimizer } from '../../../../src/esper/optimizer';
import { Projector } from '../../../../src/esper/projector';
import { layerName } from '../../../../src/esper/projector/tensors';
import { Gpt2Differentiable } from '../../../../src/frozen/gpt2/differentiable';
import type { Gpt2Weights } from '../../../../src/frozen/gpt2/weights';
import type { KernelRunner } from '../../../../src/gpu/kernel';
import { Readback } from '../../../../src/gpu/readback';
import { differentiableHead } from './ours';
import type { Peer } from './peer';
import { ADAMW, E, type Work } from './work';

/** So long that no gradient is shortened. */
const NO_LIMIT = 1e9;

export async function ourUpdate(
  runner: KernelRunner,
  weights: Gpt2Weights,
  work: Work,
): Promise<Peer> {
  const { config, B, P, S, tokens, features, projector: given } = work;
  const { n_embd: D, n_layer: N } = config;
  const { gpu } = runner;
  const values = {
    [`${layerName(0)}.weight`]: given.w1,
    [`${layerName(0)}.bias`]: given.b1,
    [`${layerName(1)}.weight`]: given.w2,
    [`${layerName(1)}.bias`]: given.b2,
  };
  const projector = new Projector(gpu, { kind: 'mlp', layers: 1, E, P, D, N }, values);
  const gpt2 = await Gpt2Differentiable.create(runner, weights, {
    ...{ B, P, S },
    N: P + S - work.offset,
  });
  gpt2.tokens.write(new Uint32Array(tokens));
  const head = await differentiableHead(runner, weights, gpt2, work);
  const forward = await projector.forward(runner, B, gpt2.prefix);
  forward.features.write(features);
  const backward = await forward.backward(gpt2.dPrefix);
  const { parameters } = projector;
  const optimizer = await createOptimizer(runner, parameters, projector.gradients(backward), 1);
  const bias = parameters.find(({ name }) => name === `${layerName(0)}.bias`)!;
  const readback = new Readback(gpu, 'first moment', [bias.m]);
  const steps = [
    ...forward.steps,
    ...gpt2.forward,
    head.forward,
    head.backward,
    ...gpt2.backward,
    ...backward.steps,
    ...optimizer.steps,
  ];
  let step = 0;
  return {
    name: 'ours',
    operations: {
      update: {
        async run() {
          optimizer.configure({
            learningRate: ADAMW.rate,
            weightDecay: ADAMW.decay,
            maxGradNorm: NO_LIMIT,
            step: ++step,
            row: 0,
          });
          runner.submit('bench', steps);
          return (await readback.read())[0]!;
        },
        reset() {
          step = 0;
          projector.write(values);
          for (const { m, v } of parameters)
            for (const moment of [m, v]) moment.write(new Float32Array(moment.size));
        },
      },
    },
    destroy() {
      for (const part of [readback, optimizer, backward, forward, head, gpt2, projector])
        part.destroy();
    },
  };
}
