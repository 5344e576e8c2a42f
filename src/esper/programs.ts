/**
 * The GPU programs of a run, made once for its config: one set samples and scores a batch, the other
 * learns from it. They are apart because the first captions need neither.
 */
import { Readback } from '../gpu/readback';
import { type Advantages, createAdvantages } from './advantage';
import type { Batch } from './batch';
import type { Config } from './config';
import { createMinibatch } from './minibatch';
import type { Networks } from './networks';
import { createOptimizer } from './optimizer';
import type { Projector } from './projector';
import { batchMeans, type Figures } from './report';
import { createRollout, type Rollout } from './rollout';
import { createScoring, type Scoring } from './scoring';
import { readStats, Update } from './update';
import type { ValueHead } from './value-head';

export interface Sampling {
  rollout: Rollout;
  scoring: Scoring;
  destroy(): void;
}

export async function createSampling(
  networks: Networks,
  projector: Projector,
  { episodes, table }: Batch,
  config: Config,
): Promise<Sampling> {
  const [rollout, scoring] = await Promise.all([
    createRollout(networks, projector, episodes, table, config),
    createScoring(networks, episodes, table, config),
  ]);
  return {
    rollout,
    scoring,
    destroy() {
      rollout.destroy();
      scoring.destroy();
    },
  };
}

export interface Learning {
  advantages: Advantages;
  update: Update;
  /** The figures of the batch, `lengths` [B], and of the `count` optimiser steps last submitted. */
  figures(lengths: Uint32Array, count: number): Promise<Figures>;
  destroy(): void;
}

export async function createLearning(
  networks: Networks,
  projector: Projector,
  valueHead: ValueHead | undefined,
  batch: Batch,
  config: Config,
): Promise<Learning> {
  const { runner } = networks;
  const { episodes, table } = batch;
  const advantages = await createAdvantages(networks, episodes, config, valueHead, table);
  const minibatch = await createMinibatch(
    networks,
    projector,
    valueHead,
    batch,
    advantages,
    config,
  );
  const parameters = [...projector.parameters, ...(valueHead?.parameters ?? [])];
  const optimizer = await createOptimizer(
    runner,
    parameters,
    minibatch.gradients,
    minibatch.stats.shape[0] ?? 0,
  );
  const update = new Update(minibatch, optimizer, (label, steps) => runner.submit(label, steps));
  const report = new Readback(runner.gpu, 'iteration report', [
    episodes.cosine,
    episodes.rewards,
    episodes.terms,
    ...update.reports,
  ]);
  return {
    advantages,
    update,
    async figures(lengths, count) {
      const [cosine, rewards, terms, ...stats] = await report.read();
      const steps = readStats(stats, count, valueHead !== undefined);
      return { ...batchMeans(cosine!, rewards!, terms!, lengths), steps };
    },
    destroy() {
      for (const part of [advantages, update, report]) part.destroy();
    },
  };
}
