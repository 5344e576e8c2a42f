/**
 * One run of ESPER: rollout → reward → advantage → update, over and over. The GPU programs are made once
 * for a config; an iteration creates nothing.
 */
import { Fault } from '../faults';
import type { RewardWeights } from '../gpu/kernels/reward/reward';
import { type Caption, type Captioner, createCaptioner } from './captioner';
import { batchSize, captionRows, type Config } from './config';
import { firstPass } from './calibration';
import { minibatchOrders } from './draws';
import { KlController } from './kl-controller';
import type { Networks } from './networks';
import { type Parameter, readParameter, writeParameter } from './parameters';
import {
  type Batch,
  createBatch,
  createLearning,
  createSampling,
  type Learning,
  type Sampling,
} from './programs';
import {
  type FeatureConvention,
  initialProjector,
  Projector,
  type ProjectorValues,
} from './projector';
import { type Queries, queriesOf } from './queries';
import { rewardWeights } from './reward-weights';
import { batchMeans, type IterationReport } from './report';
import type { Calibration, RunState } from './run-state';
import { learningRate, type Phase, phaseOf } from './schedule';
import { readStats } from './update';
import { ValueHead } from './value-head';

export class Trainer {
  readonly projector: Projector;
  /** What its captions follow. */
  readonly queries: Queries;
  #config: Config;
  readonly #networks: Networks;
  readonly #valueHead: ValueHead | undefined;
  readonly #batch: Batch;
  readonly #captioner: Captioner;
  #sampling: Promise<Sampling> | undefined;
  #learning: Promise<Learning> | undefined;
  #update = 0;
  /** Optimiser steps done. */
  #steps = 0;
  #calibration: Calibration | undefined;
  readonly #kl = new KlController();
  #loaded = false;

  /**
   * Ready to write captions; sampling and learning compile when they are first asked for. The training
   * pictures come after, with `setPictures`.
   * @throws Fault config, limit, shader
   */
  static async create(networks: Networks, config: Config): Promise<Trainer> {
    const { runner, lm, E } = networks;
    const shape = { E, P: config.prefixLength, D: lm.config.n_embd };
    const queries = queriesOf(networks, config);
    const projector = new Projector(runner.gpu, shape, initialProjector(shape, config.seed));
    const rows = Array.from({ length: captionRows(config) }, () => queries.shown);
    const captioner = await createCaptioner(networks, projector, config, rows);
    return new Trainer(networks, config, projector, queries, captioner);
  }

  private constructor(
    networks: Networks,
    config: Config,
    projector: Projector,
    queries: Queries,
    captioner: Captioner,
  ) {
    this.#networks = networks;
    this.#config = config;
    this.projector = projector;
    this.queries = queries;
    const { gpu } = networks.runner;
    this.#valueHead =
      config.advantage === 'gae' ? new ValueHead(gpu, projector.shape.D) : undefined;
    this.#batch = createBatch(networks, projector, config, queries);
    this.#captioner = captioner;
  }

  get config(): Config {
    return this.#config;
  }

  /** Updates done. */
  get update(): number {
    return this.#update;
  }

  /** Raw CLIP features [n, E] of the training pictures from `first` on. */
  setPictures(features: Float32Array, first: number): void {
    this.#batch.table.write(this.projector.input(features), first * this.#networks.E);
  }

  /** True while the projector is as the seed made it. */
  get isUntrained(): boolean {
    return this.#update === 0 && !this.#loaded;
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
    const { rollout, scoring } = await this.#sampler();
    const { runner } = this.#networks;
    const config = this.#config;
    const phase = phaseOf(config, this.#update);
    const weights = await this.#rewardWeights(phase);
    const { advantages, update, report } = await this.prepare();
    const started = performance.now();

    this.#batch.draw(this.#update, config.trainingPictures);
    const { texts, lengths } = await rollout.run({
      seed: config.seed,
      stream: this.#update,
      temperature: config.temperature,
      greedy: false,
      blind: phase.isBlind,
    });
    const rolledOut = performance.now();

    await scoring.run(texts, config.clipText, weights);
    runner.submit('advantage', advantages.steps);
    await runner.gpu.device.queue.onSubmittedWorkDone();
    const scored = performance.now();

    const rate = learningRate(config, this.#update);
    const count = config.epochs * config.minibatches;
    const orders = minibatchOrders(config.seed, this.#update, batchSize(config), config.epochs);
    update.run({ ...config, ...phase }, orders, rate, this.#steps + 1);
    this.#steps += count;
    const [cosine, rewards, terms, ...reports] = await report.read();
    const updated = performance.now();

    const steps = readStats(reports, count, this.#valueHead !== undefined);
    if (steps.some((step) => !Number.isFinite(step.gradNorm)))
      throw new Fault({ kind: 'non-finite', what: 'The gradient', step: this.#update + 1 });
    this.#update++;
    const means = batchMeans(cosine!, rewards!, terms!, lengths);
    this.#kl.observe(config, means.terms.kl, batchSize(config));
    return {
      update: this.#update,
      episodes: this.#update * batchSize(config),
      ...means,
      klCoef: weights.klCoef,
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
  write(features: Float32Array): Promise<string[]> {
    return this.#captioner.write(features);
  }

  /** The same, scored as training would score them. */
  async caption(features: Float32Array): Promise<Caption[]> {
    const weights = await this.#rewardWeights(phaseOf(this.#config, this.#update));
    return this.#captioner.caption(features, this.#config.clipText, weights);
  }

  /** Cosines of pictures and texts. */
  cosines(features: Float32Array, texts: readonly string[]): Promise<number[]> {
    return this.#captioner.cosines(features, texts);
  }

  /**
   * Replaces the projector's weights; the optimiser's moments start anew. Where the convention is another
   * than before, the pictures must be set again.
   */
  async load(values: ProjectorValues, convention: FeatureConvention): Promise<void> {
    await this.#calibrated(); // on the untrained policy, as every run is
    this.projector.write(values);
    this.projector.convention = convention;
    this.#loaded = true;
    for (const { m, v } of this.#parameters) {
      m.write(new Float32Array(m.size));
      v.write(new Float32Array(v.size));
    }
  }

  /** What the untrained projector of this run would say; the trained one is put back to the bit. */
  async writeUntrained(features: Float32Array): Promise<string[]> {
    const trained = new Map<string, Float32Array>();
    for (const { name, value } of this.projector.parameters)
      trained.set(name, (await value.read()) as Float32Array);
    const { convention } = this.projector;
    this.projector.write(initialProjector(this.projector.shape, this.#config.seed));
    this.projector.convention = 'raw';
    try {
      return await this.#captioner.write(features);
    } finally {
      for (const { name, value } of this.projector.parameters) value.write(trained.get(name)!);
      this.projector.convention = convention;
    }
  }

  /** Goes on from a state of a run whose structural settings were the same. */
  restore(state: RunState): void {
    for (const parameter of this.#parameters) {
      const stored = state.parameters.find(({ name }) => name === parameter.name);
      if (!stored) throw new RangeError(`the stored run lacks ${parameter.name}`);
      writeParameter(parameter, stored);
    }
    this.projector.convention = state.convention ?? 'raw';
    this.#update = state.update;
    this.#steps = state.steps;
    this.#calibration = state.calibration;
    if (state.klCoef !== undefined) this.#kl.restore(state.config.klCoef, state.klCoef);
  }

  async state(): Promise<RunState> {
    const parameters = [];
    for (const parameter of this.#parameters) parameters.push(await readParameter(parameter));
    const calibration = await this.#calibrated();
    return {
      config: this.#config,
      update: this.#update,
      steps: this.#steps,
      calibration,
      klCoef: this.#kl.coef(this.#config),
      convention: this.projector.convention,
      parameters,
    };
  }

  /** Compiles what an update needs; `iterate` does so where nobody did. */
  prepare(): Promise<Learning> {
    this.#learning ??= createLearning(
      this.#networks,
      this.projector,
      this.#valueHead,
      this.#batch,
      this.#config,
    );
    return this.#learning;
  }

  #sampler(): Promise<Sampling> {
    this.#sampling ??= createSampling(this.#networks, this.projector, this.#batch, this.#config);
    return this.#sampling;
  }

  async destroy(): Promise<void> {
    // Programs that did not compile have said so where they were asked for.
    for (const programs of [this.#learning, this.#sampling])
      (await programs?.catch(() => undefined))?.destroy();
    await this.#captioner.destroy();
    this.#batch.destroy();
    this.projector.destroy();
    this.#valueHead?.destroy();
  }

  get #parameters(): readonly Parameter[] {
    return [...this.projector.parameters, ...(this.#valueHead?.parameters ?? [])];
  }

  async #rewardWeights(phase: Phase): Promise<RewardWeights> {
    const klCoef = this.#kl.coef(this.#config);
    return rewardWeights(this.#config, phase, await this.#calibrated(), klCoef);
  }

  async #calibrated(): Promise<Calibration> {
    this.#calibration ??= await firstPass(await this.#sampler(), this.#batch, this.#config);
    return this.#calibration;
  }
}
