/**
 * One run of ESPER: rollout → reward → advantage → update, over and over. The GPU programs are made once
 * for a config; an iteration creates nothing.
 */
import { Fault } from '../faults';
import type { RewardWeights } from '../gpu/kernels/reward/reward';
import { type Caption, type Captioner, createCaptioner } from './captioner';
import { createBatch, type Batch } from './batch';
import { batchSize, captionRows, type Config } from './config';
import { firstPass } from './calibration';
import { minibatchOrders } from './draws';
import { KlController } from './kl-controller';
import type { Networks } from './networks';
import { type Parameter, readParameter, writeParameter } from './parameters';
import { createLearning, createSampling, type Learning, type Sampling } from './programs';
import { Projector } from './projector';
import type { FeatureConvention } from './projector/features';
import { shapeOf } from './projector/shape';
import { mapperProblem } from './projector/transformer';
import { initialProjector, type ProjectorValues } from './projector/values';
import { type Queries, queriesOf } from './queries';
import { rewardOf, rewardWeights } from './reward-weights';
import { batchMeans, type IterationReport } from './report';
import { drawsOf } from './rollout';
import type { Calibration, RunState } from './run-state';
import { learningRate, type Phase, phaseOf } from './schedule';
import { asUntrained } from './untrained';
import { readStats } from './update';
import { createValueHead, type ValueHead } from './value-head';
import { WarmStart } from './warm-start/warm-start';

export class Trainer {
  readonly projector: Projector;
  /** What its captions follow. */
  readonly queries: Queries;
  #config: Config;
  readonly #networks: Networks;
  readonly #valueHead: ValueHead | undefined;
  readonly #batch: Batch;
  readonly #captioner: Captioner;
  readonly #warmStart: WarmStart;
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
    const shape = shapeOf(config, lm.config, E);
    const problem = shape.kind === 'transformer' ? mapperProblem(shape.D) : undefined;
    if (problem) throw new Fault({ kind: 'config', problems: [problem] });
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
      config.advantage === 'gae' ? createValueHead(gpu, projector.shape, config) : undefined;
    this.#batch = createBatch(networks, projector, config, queries);
    this.#captioner = captioner;
    this.#warmStart = new WarmStart(networks, projector, this.#batch);
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
    if (first === 0) this.#warmStart.forget();
  }

  /** The networks' corpus is another one now. */
  forgetTexts(): void {
    this.#warmStart.forget();
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
    const { isBlind: blind } = phase;
    const { texts, lengths } = await rollout.run({ ...drawsOf(config, this.#update), blind });
    const rolledOut = performance.now();

    await scoring.run({ texts, lengths }, config.clipText, weights, rewardOf(config));
    await advantages.run();
    await runner.gpu.device.queue.onSubmittedWorkDone();
    const scored = performance.now();

    const rate = learningRate(config, this.#update);
    const epochs = phase.isWarmStart ? 1 : config.epochs; // texts are new each time
    const count = epochs * config.minibatches;
    const orders = minibatchOrders(config.seed, this.#update, batchSize(config), epochs);
    if (phase.isWarmStart) {
      await this.#warmStart.fill(config, this.#update);
      scoring.sequences();
    }
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
      isWarmStart: phase.isWarmStart,
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
    const { clipText } = this.#config;
    return this.#captioner.caption(features, clipText, weights, rewardOf(this.#config));
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
  writeUntrained(features: Float32Array): Promise<string[]> {
    return asUntrained(this.projector, this.#config.seed, () => this.#captioner.write(features));
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
    this.#warmStart.destroy();
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
