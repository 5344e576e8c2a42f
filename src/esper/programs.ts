/**
 * The GPU programs of a run, made once for its config: one set samples and scores a batch, the other
 * learns from it. They are apart because the first captions need neither.
 */
import { Readback } from '../gpu/readback';
import { Tensor } from '../gpu/tensor';
import { type Advantages, createAdvantages } from './advantage';
import type { Config } from './config';
import { pictureRows, queryPlaces } from './draws';
import { Episodes } from './episodes';
import { createMinibatch } from './minibatch';
import type { Networks } from './networks';
import { createOptimizer } from './optimizer';
import type { Projector } from './projector';
import type { Queries } from './queries';
import { createRollout, type Rollout } from './rollout';
import { createScoring, type Scoring } from './scoring';
import { Update } from './update';
import type { ValueHead } from './value-head';

/** What the programs work on. */
export interface Batch {
  episodes: Episodes;
  /** [N, E], the training pictures' divided features; empty at first. */
  table: Tensor;
  /** Draws the pictures of a rollout, out of the first `available`, and what their captions follow. */
  draw(stream: number, available: number): void;
  destroy(): void;
}

export function createBatch(
  { runner, E }: Networks,
  projector: Projector,
  config: Config,
  { choices, probabilities }: Queries,
): Batch {
  const table = new Tensor(runner.gpu, 'training pictures', [config.trainingPictures, E]);
  const shape = {
    I: config.imagesPerBatch,
    K: config.samplesPerImage,
    Q: choices[0]!.tokens.length,
    T: config.responseLength,
    ...projector.shape,
  };
  const episodes = new Episodes(runner, shape, choices[0]!.tokens);
  return {
    episodes,
    table,
    draw(stream, available) {
      const { seed, trainingPictures, imagesPerBatch: I } = config;
      episodes.choose(pictureRows(seed, stream, Math.min(available, trainingPictures), I));
      episodes.ask(queryPlaces(seed, stream, probabilities, I).map((place) => choices[place]!));
    },
    destroy() {
      episodes.destroy();
      table.destroy();
    },
  };
}

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
  /** Cosines, rewards, reward terms, then `update.reports`. */
  report: Readback;
  destroy(): void;
}

export async function createLearning(
  networks: Networks,
  projector: Projector,
  valueHead: ValueHead | undefined,
  { episodes, table }: Batch,
  config: Config,
): Promise<Learning> {
  const { runner } = networks;
  const advantages = await createAdvantages(runner, episodes, config, valueHead);
  const minibatch = await createMinibatch(
    networks,
    projector,
    valueHead,
    episodes,
    advantages,
    table,
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
    report,
    destroy() {
      for (const part of [advantages, update, report]) part.destroy();
    },
  };
}
