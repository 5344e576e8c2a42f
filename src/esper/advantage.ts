/**
 * Advantages of a scored batch: reward-to-go less the other samples' mean total (RLOO) or GAE over a value's
 * estimates (Schulman et al. 2016), both whitened over the valid tokens; or the total normalised over a picture's
 * samples (GRPO), which is not whitened again.
 */
import type { Step } from '../gpu/kernel';
import { gae, grpo, rloo } from '../gpu/kernels/advantage/advantage';
import { valueForward } from '../gpu/kernels/value-head/value-head';
import { whiten } from '../gpu/kernels/whiten/whiten';
import { Tensor } from '../gpu/tensor';
import type { Config } from './config';
import type { Episodes } from './episodes';
import type { Networks } from './networks';
import { createPrefixes } from './rollout';
import type { ValueHead } from './value-head';

export interface Advantages {
  /** [B, T], as the loss takes it. */
  readonly advantage: Tensor;
  /** [B, T], before whitening. */
  readonly raw: Tensor;
  /** [B, T] each; only with a value head. */
  readonly values: Tensor | undefined;
  readonly returns: Tensor | undefined;
  /** From the batch's rewards to the advantages, in queue order. */
  run(): Promise<void>;
  destroy(): void;
}

/** `table` [N, E] holds the pictures' divided features. */
export async function createAdvantages(
  networks: Networks,
  episodes: Episodes,
  config: Config,
  valueHead: ValueHead | undefined,
  table: Tensor,
): Promise<Advantages> {
  const { runner } = networks;
  const { B, K, T } = episodes.shape;
  const { rewards, lengths } = episodes;
  const make = (label: string) => new Tensor(runner.gpu, label, [B, T]);
  const advantage = make('advantage');
  if (config.advantage === 'grpo') {
    const step = await grpo(runner, { rewards, lengths, out: advantage, samplesPerImage: K });
    return {
      advantage,
      raw: advantage,
      values: undefined,
      returns: undefined,
      run: async () => runner.submit('advantage', [step]),
      destroy() {
        for (const made of [step, advantage]) made.destroy();
      },
    };
  }
  const raw = make('advantage, raw');
  const whitening = await whiten(runner, {
    x: raw,
    lengths,
    out: advantage,
    shiftMean: true,
    rootDeviation: config.fidelity === 'released',
  });
  if (!valueHead) {
    const step = await rloo(runner, { rewards, lengths, out: raw, samplesPerImage: K });
    return {
      advantage,
      raw,
      values: undefined,
      returns: undefined,
      run: async () => runner.submit('advantage', [step, whitening]),
      destroy() {
        for (const made of [step, whitening, raw, advantage]) made.destroy();
      },
    };
  }
  const returns = make('returns');
  const estimate = await createEstimate(networks, episodes, valueHead, table);
  const step = await gae(runner, {
    rewards,
    values: estimate.values,
    lengths,
    advantages: raw,
    returns,
    gamma: config.gamma,
    lambda: config.lambda,
  });
  return {
    advantage,
    raw,
    values: estimate.values,
    returns,
    async run() {
      await estimate.run();
      runner.submit('advantage', [step, whitening]);
    },
    destroy() {
      for (const made of [estimate, step, whitening, raw, advantage, returns]) made.destroy();
    },
  };
}

/** V of every token of the batch, before the update. */
async function createEstimate(
  networks: Networks,
  episodes: Episodes,
  head: ValueHead,
  table: Tensor,
) {
  const { runner, lm } = networks;
  const { gpu } = runner;
  const { B, T, P, Q } = episodes.shape;
  const values = new Tensor(gpu, 'values', [B, T]);
  const rows = Tensor.from(
    gpu,
    'all rows',
    [B],
    Uint32Array.from({ length: B }, (_, b) => b),
  );
  const own = head.projector && {
    prefix: new Tensor(gpu, 'value prefix', episodes.prefix.shape),
    hidden: new Tensor(gpu, 'value hidden', episodes.hidden.shape),
  };
  const prefixes =
    own && (await createPrefixes(networks, head.projector, episodes, table, own.prefix));
  const step: Step & { destroy(): void } = await valueForward(runner, {
    hidden: own?.hidden ?? episodes.hidden,
    w: head.weight.value,
    bias: head.bias.value,
    lengths: episodes.lengths,
    rows,
    out: values,
    offset: P + Q - 1,
  });
  return {
    values,
    async run() {
      if (own && prefixes) {
        runner.submit('value prefix', prefixes.steps);
        await lm.hidden({ prefix: own.prefix, tokens: episodes.sequences, out: own.hidden });
      }
      runner.submit('values', [step]);
    },
    destroy() {
      for (const made of [step, prefixes, values, rows, own?.prefix, own?.hidden]) made?.destroy();
    },
  };
}
