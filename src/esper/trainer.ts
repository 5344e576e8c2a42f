/**
 * One run of ESPER: rollout → reward → advantage → update, over and over. The GPU programs are made once
 * for a config; an iteration creates nothing.
 */
import { Fault } from '../faults';
import type { RewardWeights } from '../gpu/kernels/reward/reward';
import { Readback } from '../gpu/readback';
import { Tensor } from '../gpu/tensor';
import { Random } from '../math/random';
import { type Advantages, createAdvantages } from './advantage';
import { type Caption, type Captioner, createCaptioner } from './captioner';
import { batchSize, type Config } from './config';
import { Episodes } from './episodes';
import { createMinibatch } from './minibatch';
import type { Networks } from './networks';
import { createOptimizer } from './optimizer';
import type { Parameter } from './parameters';
import { featureDivider, initialProjector, Projector, type ProjectorValues } from './projector';
import { createRollout, type Rollout } from './rollout';
import { batchMeans, type IterationReport } from './report';
import { type Calibration, calibrate, type RunState } from './run-state';
import { learningRate } from './schedule';
import { createScoring, type Scoring } from './scoring';
import { readStats, Update } from './update';
import { ValueHead } from './value-head';

/** Streams of the seed: updates count from 0; these lie beyond any update. */
const CALIBRATION_STREAM = 0xe0000000;
const PICTURES_STREAM = 0xd0000000;
const ORDER_STREAM = 0xc0000000;
/** Episodes of the first pass that calibrates the CLIP reward. */
const CALIBRATION_EPISODES = 256;

interface Programs {
  episodes: Episodes;
  table: Tensor;
  rollout: Rollout;
  scoring: Scoring;
  advantages: Advantages;
  update: Update;
  captioner: Captioner;
  report: Readback;
}

export class Trainer {
  readonly projector: Projector;
  #config: Config;
  readonly #networks: Networks;
  readonly #valueHead: ValueHead | undefined;
  readonly #programs: Programs;
  readonly #pictures: number;
  #update = 0;
  /** Optimiser steps done. */
  #steps = 0;
  #calibration: Calibration | undefined;

  /**
   * @param features raw CLIP features [N, E] of the training pictures
   * @param restored a state to go on from; its config's structural settings must be `config`'s
   */
  static async create(
    networks: Networks,
    features: Float32Array,
    config: Config,
    restored?: RunState,
  ): Promise<Trainer> {
    const { runner, lm, E, query } = networks;
    const { gpu } = runner;
    const shape = { E, P: config.prefixLength, D: lm.config.n_embd };
    const longest = shape.P + query.length + config.responseLength;
    if (longest > lm.config.n_positions)
      throw new Fault({
        kind: 'config',
        problems: [
          `prefix, query and response take ${longest} positions, the language model has ${lm.config.n_positions}`,
        ],
      });
    const projector = new Projector(gpu, shape, initialProjector(shape, config.seed));
    const valueHead = config.advantage === 'gae' ? new ValueHead(gpu, shape.D) : undefined;
    const divider = featureDivider(shape);
    const table = Tensor.from(
      gpu,
      'training pictures',
      [features.length / E, E],
      features.map((value) => value / divider),
    );
    const episodes = new Episodes(
      runner,
      {
        I: config.imagesPerBatch,
        K: config.samplesPerImage,
        Q: query.length,
        T: config.responseLength,
        ...shape,
      },
      query,
    );
    const rollout = await createRollout(networks, projector, episodes, table, config);
    const scoring = await createScoring(networks, episodes, table, config.minResponse);
    const advantages = await createAdvantages(runner, episodes, config, valueHead);
    const parameters = [...projector.parameters, ...(valueHead?.parameters ?? [])];
    const minibatch = await createMinibatch(
      networks,
      projector,
      valueHead,
      episodes,
      advantages,
      table,
      config,
    );
    const rows = minibatch.stats.shape[0] ?? 0;
    const optimizer = await createOptimizer(runner, parameters, rows);
    const update = new Update(minibatch, optimizer, (label, steps) => runner.submit(label, steps));
    const captioner = await createCaptioner(networks, projector, config);
    const report = new Readback(gpu, 'iteration report', [
      episodes.cosine,
      episodes.rewards,
      episodes.terms,
      ...update.reports,
    ]);
    const trainer = new Trainer(networks, config, projector, valueHead, features.length / E, {
      episodes,
      table,
      rollout,
      scoring,
      advantages,
      update,
      captioner,
      report,
    });
    if (restored) trainer.#restore(restored);
    return trainer;
  }

  private constructor(
    networks: Networks,
    config: Config,
    projector: Projector,
    valueHead: ValueHead | undefined,
    pictures: number,
    programs: Programs,
  ) {
    this.#networks = networks;
    this.#config = config;
    this.projector = projector;
    this.#valueHead = valueHead;
    this.#pictures = pictures;
    this.#programs = programs;
  }

  get config(): Config {
    return this.#config;
  }

  /** Updates done. */
  get update(): number {
    return this.#update;
  }

  /** Takes over non-structural settings; the caller has checked that no structural one differs. */
  adjust(config: Config): void {
    this.#config = config;
  }

  /**
   * One iteration.
   * @throws Fault non-finite: the weights are the last good ones
   */
  async iterate(): Promise<IterationReport> {
    const { rollout, scoring, advantages, update, report } = this.#programs;
    const { runner } = this.#networks;
    const config = this.#config;
    const weights = await this.rewardWeights();
    const started = performance.now();

    this.#choosePictures(this.#update);
    const { texts, lengths } = await rollout.run({
      seed: config.seed,
      stream: this.#update,
      temperature: config.temperature,
      greedy: false,
    });
    const rolledOut = performance.now();

    await scoring.run(texts, weights);
    runner.submit('advantage', advantages.steps);
    await runner.gpu.device.queue.onSubmittedWorkDone();
    const scored = performance.now();

    const rate = learningRate(config, this.#update);
    const count = config.epochs * config.minibatches;
    update.run(config, this.#orders(), rate, this.#steps + 1);
    this.#steps += count;
    const [cosine, rewards, terms, ...reports] = await report.read();
    const updated = performance.now();

    const steps = readStats(reports, count, this.#valueHead !== undefined);
    if (steps.some((step) => !Number.isFinite(step.gradNorm)))
      throw new Fault({ kind: 'non-finite', what: 'The gradient', step: this.#update + 1 });
    this.#update++;
    return {
      update: this.#update,
      episodes: this.#update * batchSize(config),
      ...batchMeans(cosine!, rewards!, terms!, lengths),
      learningRate: rate,
      steps,
      milliseconds: {
        rollout: rolledOut - started,
        reward: scored - rolledOut,
        update: updated - scored,
      },
    };
  }

  /** Greedy captions of pictures by their raw CLIP features [n, E]. */
  async caption(features: Float32Array): Promise<Caption[]> {
    return this.#programs.captioner.caption(features, await this.rewardWeights());
  }

  /** Cosines of pictures and texts. */
  cosines(features: Float32Array, texts: readonly string[]): Promise<number[]> {
    return this.#programs.captioner.cosines(features, texts);
  }

  /** Replaces the projector's weights; the optimiser's moments start anew. */
  async load(values: ProjectorValues): Promise<void> {
    await this.#calibrated(); // on the untrained policy, as every run is
    this.projector.write(values);
    for (const { m, v } of this.#parameters) {
      m.write(new Float32Array(m.size));
      v.write(new Float32Array(v.size));
    }
  }

  async state(): Promise<RunState> {
    const parameters = [];
    for (const { name, value, m, v } of this.#parameters) {
      const [valueData, mData, vData] = [await value.read(), await m.read(), await v.read()];
      parameters.push({
        name,
        shape: value.shape,
        value: valueData as Float32Array,
        m: mData as Float32Array,
        v: vData as Float32Array,
      });
    }
    const calibration = await this.#calibrated();
    return {
      config: this.#config,
      update: this.#update,
      steps: this.#steps,
      calibration,
      parameters,
    };
  }

  destroy(): void {
    const { episodes, table, rollout, scoring, advantages, update, captioner, report } =
      this.#programs;
    for (const part of [rollout, scoring, advantages, update, captioner, report, episodes, table])
      part.destroy();
    this.projector.destroy();
    this.#valueHead?.destroy();
  }

  get #parameters(): readonly Parameter[] {
    return [...this.projector.parameters, ...(this.#valueHead?.parameters ?? [])];
  }

  async rewardWeights(): Promise<RewardWeights> {
    const { klCoef, clipWeight, fluencyWeight, repetitionWeight } = this.#config;
    const { gain, bias } = await this.#calibrated();
    return { klCoef, clipWeight, gain, bias, fluencyWeight, repetitionWeight };
  }

  /** The first pass: cosines of what the untrained policy says of the first pictures. */
  async #calibrated(): Promise<Calibration> {
    if (this.#calibration) return this.#calibration;
    const { episodes, rollout, scoring } = this.#programs;
    const { seed, temperature } = this.#config;
    const cosines: number[] = [];
    const { B } = episodes.shape;
    for (let pass = 0; pass * B < CALIBRATION_EPISODES; pass++) {
      const stream = CALIBRATION_STREAM + pass;
      this.#choosePictures(stream);
      const { texts } = await rollout.run({ seed, stream, temperature, greedy: false });
      await scoring.cosines(texts);
      cosines.push(...((await episodes.cosine.read()) as Float32Array));
    }
    this.#calibration = calibrate(cosines);
    return this.#calibration;
  }

  #choosePictures(stream: number): void {
    const { episodes } = this.#programs;
    const random = new Random(this.#config.seed, (PICTURES_STREAM ^ stream) >>> 0);
    const rows = random.shuffle(Array.from({ length: this.#pictures }, (_, row) => row));
    const { I } = episodes.shape;
    episodes.choose(Uint32Array.from({ length: I }, (_, i) => rows[i % rows.length]!));
  }

  #orders(): Uint32Array[] {
    const { B } = this.#programs.episodes.shape;
    const random = new Random(this.#config.seed, (ORDER_STREAM ^ this.#update) >>> 0);
    const all = Array.from({ length: B }, (_, b) => b);
    return Array.from({ length: this.#config.epochs }, () => Uint32Array.from(random.shuffle(all)));
  }

  #restore(state: RunState): void {
    for (const parameter of this.#parameters) {
      const stored = state.parameters.find(({ name }) => name === parameter.name);
      if (!stored) throw new RangeError(`the stored run lacks ${parameter.name}`);
      parameter.value.write(stored.value);
      parameter.m.write(stored.m);
      parameter.v.write(stored.v);
    }
    this.#update = state.update;
    this.#steps = state.steps;
    this.#calibration = state.calibration;
  }
}
