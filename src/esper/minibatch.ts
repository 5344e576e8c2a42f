/**
 * One optimiser step on a minibatch, as a list of GPU steps that is prepared once and replayed for every
 * minibatch of every epoch: only the rows and a few uniforms change. Nothing is created in between.
 * Letters as in episodes.ts; R = B / minibatches rows.
 */
import type { Gpt2Differentiable } from '../frozen/gpt2/differentiable';
import { Clear } from '../gpu/copies';
import { f32, type Step, u32 } from '../gpu/kernel';
import { crossEntropy } from '../gpu/kernels/cross-entropy/cross-entropy';
import { gather } from '../gpu/kernels/gather/gather';
import { factorOf, type Gradient } from '../gpu/kernels/gradient';
import { lmHeadBackward, lmHeadForward } from '../gpu/kernels/lm-head/lm-head';
import { PPO_STATS, ppoLoss } from '../gpu/kernels/ppo-loss/ppo-loss';
import { VALUE_STATS } from '../gpu/kernels/value-head/value-head';
import { Tensor } from '../gpu/tensor';
import type { Advantages } from './advantage';
import type { Batch } from './batch';
import type { Config } from './config';
import { createLossInputs } from './loss-inputs';
import type { Networks } from './networks';
import type { Projector } from './projector';
import type { Phase } from './schedule';
import type { ValueHead } from './value-head';
import { createValueStep } from './value-step';

/** The config as it holds for one update. */
export type LossSettings = Config & Pick<Phase, 'hasPolicyTerm' | 'isWarmStart'>;

export interface Minibatch {
  /** From the rows last chosen to the gradients. */
  readonly steps: readonly Step[];
  /** The same on given texts, by cross-entropy: a warm start's. The value head's gradients are 0. */
  readonly supervised: readonly Step[];
  /** Of the projector's parameters, then of the value head's. */
  readonly gradients: readonly Gradient[];
  /** [stepsAnUpdate, PPO_STATS.length] and [stepsAnUpdate, VALUE_STATS.length]. */
  readonly stats: Tensor;
  readonly valueStats: Tensor;
  /** Chooses R episodes and the settings of the next submit; `row` is the stats' row. */
  configure(rows: Uint32Array, config: LossSettings, row: number): void;
  destroy(): void;
}

export async function createMinibatch(
  networks: Networks,
  projector: Projector,
  valueHead: ValueHead | undefined,
  { episodes, table, texts }: Batch,
  advantages: Advantages,
  config: Config,
): Promise<Minibatch> {
  const { runner, lm } = networks;
  const { gpu } = runner;
  const { B, P, Q, T, S, D } = episodes.shape;
  const R = B / config.minibatches;
  const tensors: Tensor[] = [];
  const make = (label: string, shape: readonly number[], dtype: 'f32' | 'u32' = 'f32') => {
    const tensor = new Tensor(gpu, `minibatch ${label}`, shape, dtype);
    tensors.push(tensor);
    return tensor;
  };
  const rows = make('rows', [R], 'u32');
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
    N: T,
    deep: projector.shape.kind === 'deep',
    recompute: config.activations === 'recompute',
  });
  const forward = await projector.forward(runner, R, gpt2.prefix);
  const backward = await forward.backward(gpt2.dPrefix);
  const fromEpisodes = [
    await gather(runner, { source: episodes.sequences, index: rows, out: gpt2.tokens }),
    await gather(runner, { source: episodes.tokens, index: rows, out: targets }),
  ];
  const gathers = [
    await gather(runner, {
      source: table,
      index: rows,
      via: episodes.imageIndex,
      out: forward.features,
    }),
    ...fromEpisodes,
  ];

  // The full-vocabulary KL costs a second pass over the vocabulary: only where the loss wants it. The
  // released form, max(0, q (log q - p) / 2 - threshold) with q and p probabilities, is never above 0.
  const withKl = config.klLossCoef > 0 && config.fidelity === 'textbook';
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
    // The states that choose the response's tokens are the last T.
    policy: { hidden: gpt2.hidden, offset: 0 },
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
    after: headForward,
    ...(reference ? { reference: { ...reference, dkl } } : {}),
  });
  const { lengths } = episodes;
  const supervisedLoss = await crossEntropy(runner, { logp, lengths, rows, dlogp, stats });
  const fromTexts = await gather(runner, { source: texts, index: rows, out: forward.features });
  const inputs = await createLossInputs(runner, episodes, advantages, rows, config);
  const loss = await ppoLoss(runner, {
    newLogp: logp,
    entropy,
    kl,
    ...inputs,
    dlogp,
    dentropy,
    dkl,
    stats,
    clipRange: config.clipRange,
    klLossCoef: config.klLossCoef,
    klLossThreshold: config.klLossThreshold,
    entropyCoef: config.entropyCoef,
    policyCoef: 1,
    nllCoef: config.nllCoef,
    nllThreshold: config.nllThreshold,
  });

  const value =
    valueHead && inputs.values && inputs.returns
      ? await createValueStep(
          networks,
          valueHead,
          episodes,
          inputs,
          { gpt2, table, rows, stats: valueStats },
          config,
        )
      : undefined;

  const steps: Step[] = [
    ...gathers,
    ...inputs.steps,
    ...(value?.alone ?? []),
    ...forward.steps,
    ...gpt2.forward,
    headForward,
    loss.policy,
    loss.regularizers,
    loss.likelihood,
    ...(value?.onPolicy ?? []),
    headBackward,
    ...gpt2.backward,
    ...backward.steps,
  ];
  const unused = new Set([dentropy, dkl, ...(value?.gradients.map(factorOf) ?? [])]);
  const supervised: Step[] = [
    fromTexts,
    ...fromEpisodes,
    ...forward.steps,
    ...gpt2.forward,
    headForward,
    supervisedLoss,
    ...Array.from(unused, (tensor) => new Clear(tensor)),
    headBackward,
    ...gpt2.backward,
    ...backward.steps,
  ];
  return {
    steps,
    supervised,
    gradients: [...projector.gradients(backward), ...(value?.gradients ?? [])],
    stats,
    valueStats,
    configure(chosen, settings, row) {
      rows.write(chosen);
      const statsRow = u32(row);
      const { klLossCoef, klLossThreshold, clipRange, entropyCoef } = settings;
      const coef = f32(settings.hasPolicyTerm ? 1 : 0);
      supervisedLoss.setParams({ statsRow });
      loss.policy.setParams({ statsRow, clipRange: f32(clipRange), coef });
      loss.regularizers.setParams({
        statsRow,
        // Without the KL pass the gradient of a KL that was never computed must stay 0.
        klLossCoef: f32(withKl ? klLossCoef : 0),
        klLossThreshold: f32(klLossThreshold),
        entropyCoef: f32(entropyCoef),
      });
      loss.likelihood.setParams({
        statsRow,
        coef: f32(settings.nllCoef),
        threshold: f32(settings.nllThreshold),
      });
      value?.configure(settings, row);
    },
    destroy() {
      for (const step of gathers) step.destroy();
      const others = [fromTexts, supervisedLoss, headForward, headBackward];
      for (const step of [...Object.values(loss), ...others]) step.destroy();
      inputs.destroy();
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
