/**
 * One optimiser step on a minibatch, as a list of GPU steps that is prepared once and replayed for every
 * minibatch of every epoch: only the rows and a few uniforms change. Nothing is created in between.
 * Letters as in episodes.ts; R = B / minibatches rows.
 */
import type { Gpt2Differentiable } from '../frozen/gpt2/differentiable';
import { f32, type Step, u32 } from '../gpu/kernel';
import { gather } from '../gpu/kernels/gather/gather';
import type { Gradient } from '../gpu/kernels/gradient';
import { lmHeadBackward, lmHeadForward } from '../gpu/kernels/lm-head/lm-head';
import { PPO_STATS, ppoLoss } from '../gpu/kernels/ppo-loss/ppo-loss';
import { VALUE_STATS } from '../gpu/kernels/value-head/value-head';
import { Tensor } from '../gpu/tensor';
import type { Advantages } from './advantage';
import type { Config } from './config';
import type { Episodes } from './episodes';
import type { Networks } from './networks';
import type { Projector } from './projector';
import type { ValueHead } from './value-head';
import { createValueStep } from './value-step';

export interface Minibatch {
  /** From the rows last chosen to the gradients. */
  readonly steps: readonly Step[];
  /** Of the projector's parameters, then of the value head's. */
  readonly gradients: readonly Gradient[];
  /** [stepsAnUpdate, PPO_STATS.length] and [stepsAnUpdate, VALUE_STATS.length]. */
  readonly stats: Tensor;
  readonly valueStats: Tensor;
  /** Chooses R episodes and the settings of the next submit; `row` is the stats' row. */
  configure(rows: Uint32Array, config: Config, row: number): void;
  destroy(): void;
}

export async function createMinibatch(
  networks: Networks,
  projector: Projector,
  valueHead: ValueHead | undefined,
  episodes: Episodes,
  advantages: Advantages,
  table: Tensor,
  config: Config,
): Promise<Minibatch> {
  const { runner, lm } = networks;
  const { gpu } = runner;
  const { B, P, Q, T, S, D } = episodes.shape;
  const R = B / config.minibatches;
  const offset = P + Q - 1;
  const tensors: Tensor[] = [];
  const make = (label: string, shape: readonly number[], dtype: 'f32' | 'u32' = 'f32') => {
    const tensor = new Tensor(gpu, `minibatch ${label}`, shape, dtype);
    tensors.push(tensor);
    return tensor;
  };
  const rows = make('rows', [R], 'u32');
  const images = make('images', [R], 'u32');
  const targets = make('targets', [R, T], 'u32');
  const perToken = (label: string) => make(label, [R, T]);
  const logp = perToken('log-prob');
  const entropy = perToken('entropy');
  const lse = perToken('log-sum-exp');
  const kl = perToken('kl');
  const dlogp = perToken('dlogp');
  const dentropy = perToken('dentropy');
  const dkl = perToken('dkl');
  const optimiserSteps = MAX_EPOCHS * config.minibatches;
  const stats = make('stats', [optimiserSteps, PPO_STATS.length]);
  const valueStats = make('value stats', [optimiserSteps, VALUE_STATS.length]);

  const gpt2: Gpt2Differentiable = await networks.differentiate({
    B: R,
    P,
    S,
    deep: projector.shape.kind === 'deep',
  });
  const forward = await projector.forward(runner, R, gpt2.prefix);
  const backward = await forward.backward(gpt2.dPrefix);
  const gathers = [
    await gather(runner, { source: episodes.imageIndex, index: rows, out: images }),
    await gather(runner, { source: table, index: images, out: forward.features }),
    await gather(runner, { source: episodes.sequences, index: rows, out: gpt2.tokens }),
    await gather(runner, { source: episodes.tokens, index: rows, out: targets }),
  ];

  // The full-vocabulary KL costs a second pass over the vocabulary: only where the loss wants it.
  const withKl = config.klLossCoef > 0;
  let reference;
  if (withKl) {
    const refHidden = make('reference hidden', [R, S, D]);
    const refLse = perToken('reference log-sum-exp');
    gathers.push(
      await gather(runner, { source: episodes.refHidden, index: rows, out: refHidden }),
      await gather(runner, { source: episodes.refLse, index: rows, out: refLse }),
    );
    reference = { hidden: refHidden, offset: Q - 1, lse: refLse, kl };
  }
  const head = {
    policy: { hidden: gpt2.hidden, offset },
    weight: lm.weights.head,
    targets,
    eos: lm.config.eos_token_id,
    minResponse: config.minResponse,
    entropy,
    lse,
  };
  const headForward = await lmHeadForward(runner, {
    ...head,
    logp,
    ...(reference ? { reference } : {}),
  });
  const headBackward = await lmHeadBackward(runner, {
    ...head,
    dlogp,
    dentropy,
    dhidden: gpt2.dHidden,
    ...(reference ? { reference: { ...reference, dkl } } : {}),
  });
  const loss = await ppoLoss(runner, {
    newLogp: logp,
    entropy,
    kl,
    oldLogp: episodes.logp,
    advantage: advantages.advantage,
    lengths: episodes.lengths,
    rows,
    dlogp,
    dentropy,
    dkl,
    stats,
    clipRange: config.clipRange,
    klLossCoef: config.klLossCoef,
    klLossThreshold: config.klLossThreshold,
    entropyCoef: config.entropyCoef,
  });

  const value =
    valueHead && advantages.values && advantages.returns
      ? await createValueStep(
          networks,
          valueHead,
          episodes,
          advantages,
          { gpt2, table, rows, images, stats: valueStats },
          config,
        )
      : undefined;

  const steps: Step[] = [
    ...gathers,
    ...(value?.alone ?? []),
    ...forward.steps,
    ...gpt2.forward,
    headForward,
    loss.policy,
    loss.regularizers,
    ...(value?.onPolicy ?? []),
    headBackward,
    ...gpt2.backward,
    ...backward.steps,
  ];
  return {
    steps,
    gradients: [...projector.gradients(backward), ...(value?.gradients ?? [])],
    stats,
    valueStats,
    configure(chosen, settings, row) {
      const { clipRange, klLossCoef, klLossThreshold, entropyCoef } = settings;
      rows.write(chosen);
      const statsRow = u32(row);
      loss.policy.setParams({ statsRow, clipRange: f32(clipRange) });
      loss.regularizers.setParams({
        statsRow,
        // Without the KL pass the gradient of a KL that was never computed must stay 0.
        klLossCoef: f32(withKl ? klLossCoef : 0),
        klLossThreshold: f32(klLossThreshold),
        entropyCoef: f32(entropyCoef),
      });
      value?.configure(settings, row);
    },
    destroy() {
      for (const step of gathers) step.destroy();
      for (const step of [loss.policy, loss.regularizers, headForward, headBackward])
        step.destroy();
      value?.destroy();
      forward.destroy();
      backward.destroy();
      gpt2.destroy();
      for (const tensor of tensors) tensor.destroy();
    },
  };
}

/** Most epochs that the schema allows: the stats have a row for every optimiser step. */
const MAX_EPOCHS = 16;
