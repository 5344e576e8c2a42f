/**
 * The PPO update: epochs × minibatches optimiser steps on one scored batch
 * (Schulman et al. 2017; arXiv 2205.12630, section 3).
 */
import type { Step } from '../gpu/kernel';
import { PPO_STATS } from '../gpu/kernels/ppo-loss/ppo-loss';
import { VALUE_STATS } from '../gpu/kernels/value-head/value-head';
import type { Tensor } from '../gpu/tensor';
import type { LossSettings, Minibatch } from './minibatch';
import type { Optimizer } from './optimizer';

export type PpoStats = Record<(typeof PPO_STATS)[number], number>;
export type ValueStats = Record<(typeof VALUE_STATS)[number], number>;

/** What one optimiser step reported. */
export interface StepStats {
  ppo: PpoStats;
  value: ValueStats | undefined;
  /** Before the limit; Infinity where it was not finite and the step changed nothing. */
  gradNorm: number;
}

export class Update {
  readonly #minibatch: Minibatch;
  readonly #optimizer: Optimizer;
  readonly #submit: (label: string, steps: readonly Step[]) => void;

  constructor(
    minibatch: Minibatch,
    optimizer: Optimizer,
    submit: (label: string, steps: readonly Step[]) => void,
  ) {
    this.#minibatch = minibatch;
    this.#optimizer = optimizer;
    this.#submit = submit;
  }

  /** Tensors to read back for `stats`: in this order. */
  get reports(): readonly [Tensor, Tensor, Tensor] {
    return [this.#minibatch.stats, this.#minibatch.valueStats, this.#optimizer.norms];
  }

  /**
   * Submits every step. `order` has the B episodes once an epoch; minibatch m of an epoch takes the
   * m-th part of it. `firstStep` counts AdamW's steps from 1 over the whole run.
   */
  run(
    config: LossSettings,
    order: readonly Uint32Array[],
    learningRate: number,
    firstStep: number,
  ): void {
    const { minibatches, weightDecay, maxGradNorm } = config;
    order.forEach((episodes, epoch) => {
      const size = episodes.length / minibatches;
      for (let m = 0; m < minibatches; m++) {
        const row = epoch * minibatches + m;
        this.#minibatch.configure(episodes.subarray(m * size, (m + 1) * size), config, row);
        this.#optimizer.configure({
          learningRate,
          weightDecay,
          maxGradNorm,
          step: firstStep + row,
          row,
        });
        const { steps, supervised } = this.#minibatch;
        const learning = config.isWarmStart ? supervised : steps;
        this.#submit('optimiser step', [...learning, ...this.#optimizer.steps]);
      }
    });
  }

  destroy(): void {
    this.#minibatch.destroy();
    this.#optimizer.destroy();
  }
}

/** The reports of `count` optimiser steps, named. */
export function readStats(
  reports: readonly Float32Array[],
  count: number,
  hasValue: boolean,
): StepStats[] {
  const [ppo, value, norms] = reports;
  const named = <K extends string>(names: readonly K[], data: Float32Array, row: number) =>
    Object.fromEntries(names.map((name, i) => [name, data[row * names.length + i]!])) as Record<
      K,
      number
    >;
  return Array.from({ length: count }, (_, row) => ({
    ppo: named(PPO_STATS, ppo!, row),
    value: hasValue ? named(VALUE_STATS, value!, row) : undefined,
    gradNorm: norms![row]!,
  }));
}
