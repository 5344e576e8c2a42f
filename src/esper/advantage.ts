/**
 * Advantages of a scored batch, whitened over its valid tokens: reward-to-go less the other samples'
 * mean total (RLOO), or GAE over a value head's estimates (Schulman et al. 2016).
 */

import type { KernelRunner, Step } from '../gpu/kernel';
import { gae, rloo } from '../gpu/kernels/advantage/advantage';
import { valueForward } from '../gpu/kernels/value-head/value-head';
import { whiten } from '../gpu/kernels/whiten/whiten';
import { Tensor } from '../gpu/tensor';
import type { Config } from './config';
import type { Episodes } from './episodes';
import type { ValueHead } from './value-head';

export interface Advantages {
  /** [B, T], whitened. */
  readonly advantage: Tensor;
  /** [B, T], before whitening. */
  readonly raw: Tensor;
  /** [B, T] each; only with a value head. */
  readonly values: Tensor | undefined;
  readonly returns: Tensor | undefined;
  readonly steps: readonly Step[];
  destroy(): void;
}

export async function createAdvantages(
  runner: KernelRunner,
  episodes: Episodes,
  config: Config,
  valueHead: ValueHead | undefined,
): Promise<Advantages> {
  const { B, K, T, P, Q } = episodes.shape;
  const { rewards, lengths } = episodes;
  const make = (label: string) => new Tensor(runner.gpu, label, [B, T]);
  const raw = make('advantage, raw');
  const advantage = make('advantage');
  const tensors = [raw, advantage];
  const rootDeviation = config.fidelity === 'released';
  const whitening = await whiten(runner, {
    x: raw,
    lengths,
    out: advantage,
    shiftMean: true,
    rootDeviation,
  });
  if (!valueHead) {
    const step = await rloo(runner, { rewards, lengths, out: raw, samplesPerImage: K });
    return {
      advantage,
      raw,
      values: undefined,
      returns: undefined,
      steps: [step, whitening],
      destroy() {
        step.destroy();
        whitening.destroy();
        for (const tensor of tensors) tensor.destroy();
      },
    };
  }
  const values = make('values');
  const returns = make('returns');
  const rows = Tensor.from(
    runner.gpu,
    'all rows',
    [B],
    Uint32Array.from({ length: B }, (_, b) => b),
  );
  const estimate = await valueForward(runner, {
    hidden: episodes.hidden,
    w: valueHead.weight.value,
    bias: valueHead.bias.value,
    lengths,
    rows,
    out: values,
    offset: P + Q - 1,
  });
  const step = await gae(runner, {
    rewards,
    values,
    lengths,
    advantages: raw,
    returns,
    gamma: config.gamma,
    lambda: config.lambda,
  });
  return {
    advantage,
    raw,
    values,
    returns,
    steps: [estimate, step, whitening],
    destroy() {
      for (const dispatch of [estimate, step, whitening]) dispatch.destroy();
      for (const tensor of [...tensors, values, returns, rows]) tensor.destroy();
    },
  };
}
