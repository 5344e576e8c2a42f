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
import { LastUpdate } from './last-update';
import type { Networks } from './networks';
import { type Parameter, forgetMoments, readParameters, restoreParameters } from './parameters';
import { createLearning, createSampling, type Learning, type Sampling } from './programs';
import { Projector } from './projector';
import type { FeatureConvention } from './projector/features';
import { shapeOf } from './projector/shape';
import { mapperProblem } from './projector/transformer';
import { initialProjector, type ProjectorValues } from './projector/values';
import { type Queries, queriesOf } from './queries';
import { rewardOf, rewardWeights } from './reward-weights';
import type { IterationReport } from './report';
import { drawsOf } from './rollout';
import type { Calibration, RunState } from './run-state';
import { learningRate, type Phase, phaseOf } from './schedule';
import { asUntrained } from './untrained';
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
  readonly #last = new LastUpdate();
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

  /** Updates done, or being done. */
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
   * One iteration up to the submit of its update. The GPU may still be at it when the next iteration begins;
   * `tell` gets the report when it is done, at the latest before the next update.
   * @throws Fault non-finite, of the update before: the weights are the last good ones, this one is not begun
   */
  async begin(tell: (report: IterationReport) => void): Promise<void> {
    const { rollout, scoring } = await this.#sampler();
    await this.#calibrated();
    const learning = await this.prepare();
    const config = this.#config;
    const number = this.#update;
    const phase = phaseOf(config, number);
    const started = performance.now();

    this.#batch.draw(number, config.trainingPictures);
    const said = await rollout.run({ ...drawsOf(config, number), blind: phase.isBlind });
    const { lengths } = said;
    const rolledOut = performance.now();
    await this.settle(); // no waiting where the rollout read back, in queue order
    const began = Math.max(started, this.#last.overAt);

    const weights = await this.#rewardWeights(phase);
    await scoring.run(said, config.clipText, weights, rewardOf(config));
    await learning.advantages.run();
    const scored = this.#networks.runner.gpu.idle();

    const rate = learningRate(config, number);
    const epochs = phase.isWarmStart ? 1 : config.epochs; // texts are new each time
    const count = epochs * config.minibatches;
    const orders = minibatchOrders(config.seed, number, batchSize(config), epochs);
    if (phase.isWarmStart) {
      await this.#warmStart.fill(config, number);
      scoring.sequences();
    }
    learning.update.run({ ...config, ...phase }, orders, rate, this.#steps + 1);
    this.#steps += count;
    this.#update = number + 1;

    const arrive = async () => {
      const [scoredAt, figures] = await Promise.all([scored, learning.figures(lengths, count)]);
      const updated = performance.now();
      if (figures.steps.some(({ gradNorm }) => !Number.isFinite(gradNorm))) {
        this.#update = number;
        throw new Fault({ kind: 'non-finite', what: 'The gradient', step: number + 1 });
      }
      this.#kl.observe(config, figures.terms.kl, batchSize(config));
      tell({
        ...figures,
        update: number + 1,
        episodes: (number + 1) * batchSize(config),
        klCoef: weights.klCoef,
        learningRate: rate,
        isWarmStart: phase.isWarmStart,
        milliseconds: {
          rollout: Math.max(0, rolledOut - began),
          reward: scoredAt - rolledOut,
          update: updated - scoredAt,
        },
      });
    };
    this.#last.begin(arrive());
  }

  /**
   * Waits for the last update, and its report to be told.
   * @throws Fault non-finite, once: the weights are the last good ones
   */
  settle(): Promise<void> {
    return this.#last.settle();
  }

  /** One iteration and its update; throws as `settle` does. */
  async iterate(): Promise<IterationReport> {
    let report: IterationReport | undefined;
    await this.begin((told) => (report = told));
    await this.settle();
    return report!;
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
    await this.#last.over();
    await this.#calibrated(); // on the untrained policy, as every run is
    this.projector.write(values);
    this.projector.convention = convention;
    this.#loaded = true;
    forgetMoments(this.#parameters);
  }

  /** What the untrained projector of this run would say; the trained one is put back to the bit. */
  writeUntrained(features: Float32Array): Promise<string[]> {
    return asUntrained(this.projector, this.#config.seed, () => this.#captioner.write(features));
  }

  /** Goes on from a state of a run whose structural settings were the same. */
  restore(state: RunState): void {
    restoreParameters(this.#parameters, state.parameters);
    this.projector.convention = state.convention ?? 'raw';
    this.#update = state.update;
    this.#steps = state.steps;
    this.#calibration = state.calibration;
    if (state.klCoef !== undefined) this.#kl.restore(state.config.klCoef, state.klCoef);
  }

  async state(): Promise<RunState> {
    await this.#last.over();
    const parameters = await readParameters(this.#parameters);
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
    await this.#last.over();
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
    await this.#last.over(); // its KL may move β
    const klCoef = this.#kl.coef(this.#config);
    return rewardWeights(this.#config, phase, await this.#calibrated(), klCoef);
  }

  async #calibrated(): Promise<Calibration> {
    this.#calibration ??= await firstPass(await this.#sampler(), this.#batch, this.#config);
    return this.#calibration;
  }
}
