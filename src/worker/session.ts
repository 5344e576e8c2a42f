/**
 * The trainer behind the page: opens the GPU and the models, runs iterations one after another, and
 * tells the page what happened. Everything that touches the run goes through one queue, so that a
 * picture, an import or a reset falls between two iterations, never into one.
 */
import { type Config, SETTINGS, structuralDifferences } from '../esper/config';
import { exportProjector, importProjector } from '../esper/checkpoint';
import { PROJECTOR_NAMES, type ProjectorValues } from '../esper/projector';
import type { RunState } from '../esper/run-state';
import { CALIBRATION_PICTURES, Trainer } from '../esper/trainer';
import { Fault, type FaultCause, toFaultCause } from '../faults';
import { providerFor } from '../frozen/provider';
import { type Gpu, openGpu } from '../gpu/device';
import { Evaluator } from './evaluation';
import { Gallery } from './gallery';
import { metricsOf } from './metrics';
import { loadModels, type Models } from './models';
import { BUNDLED_PAIR, isBundled, type Pair } from '../esper/pair';
import type { ImportSummary, Result, Status, TrainerApi, TrainerEvent } from './protocol';
import { deleteCheckpoint, loadCheckpoint, storeCheckpoint } from './storage';
import { TrainingSet } from './training-set';
import { answer, WorkQueue } from './work-queue';

/** Captions of the shown pictures are rewritten after so many updates. */
const CAPTION_EVERY = 4;
const EVALUATE_EVERY = 20;
/** Training pictures that CLIP looks at in one go. */
const PICTURES_A_PART = 64;

export class TrainerSession implements TrainerApi {
  #emit: (event: TrainerEvent) => void = () => {};
  #status: Status = 'checking';
  #pair: Pair = BUNDLED_PAIR;
  #gpu: Gpu | undefined;
  #models: Models | undefined;
  #gallery: Gallery | undefined;
  #trainer: Trainer | undefined;
  #evaluator: Evaluator | undefined;
  #trainingSet: TrainingSet | undefined;
  readonly #queue = new WorkQueue();
  #training: Promise<void> | undefined;
  #stopping = false;

  open(config: Config, pair: Pair, onEvent: (event: TrainerEvent) => void): Promise<Result<null>> {
    this.#emit = onEvent;
    this.#pair = pair;
    return this.#queue.answer(async () => {
      try {
        await this.#start(config);
      } catch (error) {
        this.#setStatus('failed');
        throw error;
      }
      return null;
    });
  }

  train(): Promise<Result<null>> {
    return answer(async () => {
      this.#ready();
      this.#training ??= this.#loop();
      return null;
    });
  }

  pause(): Promise<Result<null>> {
    return answer(async () => {
      await this.#stop();
      return null;
    });
  }

  async step(): Promise<Result<null>> {
    await this.#stop();
    return this.#queue.answer(async () => {
      const trainer = this.#ready();
      this.#setStatus('training');
      try {
        await this.#iterate(trainer);
        await this.#gallery!.refresh(trainer);
        await this.#store(trainer);
      } finally {
        this.#setStatus('paused');
      }
      return null;
    });
  }

  async reset(config: Config): Promise<Result<null>> {
    await this.#stop();
    return this.#queue.answer(async () => {
      this.#ready();
      await deleteCheckpoint(this.#pair);
      await this.#newRun(config, undefined);
      this.#setStatus('ready');
      return null;
    });
  }

  adjust(config: Config): Promise<Result<null>> {
    return this.#queue.answer(async () => {
      const trainer = this.#ready();
      const locked = structuralDifferences(trainer.config, config);
      if (locked.length > 0)
        throw new Fault({
          kind: 'config',
          problems: locked.map((name) => `${SETTINGS[name].label} can only change with a reset`),
        });
      trainer.adjust(config);
      return null;
    });
  }

  addPictures(files: { name: string; data: Blob }[]): Promise<Result<FaultCause[]>> {
    return this.#queue.answer(async () => {
      const trainer = this.#ready();
      const faults = await this.#gallery!.add(trainer, files);
      this.#trainOnGiven(trainer);
      return faults;
    });
  }

  removePicture(id: string): Promise<Result<null>> {
    return this.#queue.answer(async () => {
      this.#gallery?.remove(id);
      if (this.#trainer) this.#trainOnGiven(this.#trainer);
      return null;
    });
  }

  exportPrefix(): Promise<Result<{ name: string; data: Uint8Array<ArrayBuffer> }>> {
    return this.#queue.answer(async () => {
      const trainer = this.#ready();
      const { parameters, update } = await trainer.state();
      const values = Object.fromEntries(
        PROJECTOR_NAMES.map((name) => [name, parameters.find((p) => p.name === name)!.value]),
      ) as ProjectorValues;
      const data = exportProjector(values, trainer.projector.shape, this.#modelNames, update);
      const name = this.#pair.lm.split('/').at(-1)!;
      return { name: `esper-${name}-${update}.safetensors`, data };
    });
  }

  importPrefix(file: string, data: ArrayBuffer): Promise<Result<ImportSummary>> {
    return this.#queue.answer(async () => {
      const trainer = this.#ready();
      const { values, update } = importProjector(
        file,
        new Uint8Array(data),
        trainer.projector.shape,
        this.#modelNames,
      );
      await trainer.load(values);
      await this.#gallery!.refresh(trainer);
      const parameters = Object.values(values).reduce((sum, value) => sum + value.length, 0);
      return { file, update, parameters };
    });
  }

  async #start(config: Config): Promise<void> {
    this.#setStatus('checking');
    this.#gpu = await openGpu();
    void this.#gpu.device.lost.then(({ reason, message }) => {
      this.#stopping = true;
      this.#emit({ kind: 'fault', fault: { kind: 'device-lost', reason, message } });
      this.#setStatus('failed');
    });
    const { name, isSoftware } = this.#gpu;
    this.#emit({ kind: 'adapter', name, isSoftware, provider: providerFor(this.#gpu) });
    this.#setStatus('loading');
    this.#models = await loadModels(this.#gpu, this.#pair, (done, total, what) =>
      this.#emit({ kind: 'progress', done, total, what }),
    );
    this.#setStatus('compiling');
    const stored = await loadCheckpoint(this.#pair);
    const fits = stored && structuralDifferences(stored.config, config).length === 0;
    await this.#newRun(config, fits ? stored : undefined);
    this.#setStatus(fits && stored.update > 0 ? 'paused' : 'ready');
  }

  async #newRun(config: Config, restored: RunState | undefined): Promise<void> {
    const { networks } = this.#models!;
    await this.#trainer?.destroy();
    this.#trainer = undefined;
    // The shaders of the first captions compile while CLIP loads and looks at the watched scenes.
    const [trainer, gallery] = await Promise.all([Trainer.create(networks, config), this.#watch()]);
    if (restored) trainer.restore(restored);
    this.#trainer = trainer;
    const update = trainer.update;
    const episodes = update * config.imagesPerBatch * config.samplesPerImage;
    this.#emit({ kind: 'run', config, update, episodes, restored: restored !== undefined });
    await gallery.restart(trainer);
    await this.#trainingSet!.compute(0, Math.min(CALIBRATION_PICTURES, config.trainingPictures));
    trainer.setPictures(this.#trainingSet!.features(config.trainingPictures), 0);
    await gallery.refresh(trainer);
    this.#completePictures(trainer);
  }

  async #watch(): Promise<Gallery> {
    const clip = await this.#models!.clip;
    this.#trainingSet ??= new TrainingSet(clip);
    this.#gallery ??= new Gallery(clip, (event) => this.#emit(event));
    await this.#gallery.watch();
    return this.#gallery;
  }

  /** Queues the rest of the training pictures, in parts so that other work can come between. */
  #completePictures(trainer: Trainer): void {
    const count = trainer.config.trainingPictures;
    for (let first = 0; first < count; first += PICTURES_A_PART) {
      const last = Math.min(count, first + PICTURES_A_PART);
      void this.#queue
        .answer(async () => {
          if (trainer !== this.#trainer) return;
          trainer.setPictures(await this.#trainingSet!.compute(first, last), first);
          this.#trainOnGiven(trainer);
        })
        .then((done) => {
          if (!done.ok) this.#emit({ kind: 'fault', fault: done.fault });
        });
    }
  }

  /**
   * With real models it is the person's own pictures that are trained on, as soon as there are any; the
   * generated scenes stand in until then. Fewer pictures than the table has rows come round again.
   */
  #trainOnGiven(trainer: Trainer): void {
    if (isBundled(this.#pair)) return;
    const given = this.#gallery!.givenFeatures();
    if (given.length === 0) return;
    const rows = trainer.config.trainingPictures * this.#models!.networks.E;
    trainer.setPictures(
      Float32Array.from({ length: rows }, (_, i) => given[i % given.length]!),
      0,
    );
  }

  /** Iterates until `#stop`, then stores a checkpoint; a fault ends it too. */
  async #loop(): Promise<void> {
    this.#stopping = false;
    this.#setStatus('training');
    try {
      while (!this.#stopping) {
        await this.#queue.run(async () => {
          const trainer = this.#ready();
          await this.#iterate(trainer);
          if (trainer.update % CAPTION_EVERY === 0) await this.#gallery!.refresh(trainer);
          if (trainer.update % EVALUATE_EVERY === 0 && isBundled(this.#pair))
            await this.#evaluate(trainer);
          if (trainer.update % trainer.config.checkpointEvery === 0) await this.#store(trainer);
        });
      }
      await this.#queue.run(async () => {
        const trainer = this.#ready();
        await this.#gallery!.refresh(trainer);
        await this.#store(trainer);
      });
    } catch (error) {
      if (this.#status !== 'failed') this.#emit({ kind: 'fault', fault: toFaultCause(error) });
    } finally {
      this.#training = undefined;
      if (this.#status !== 'failed') this.#setStatus('paused');
    }
  }

  async #stop(): Promise<void> {
    this.#stopping = true;
    await this.#training;
  }

  async #iterate(trainer: Trainer): Promise<void> {
    const report = await trainer.iterate();
    this.#emit({ kind: 'metrics', metrics: metricsOf(report, this.#gpu!.usage.bytes) });
  }

  async #evaluate(trainer: Trainer): Promise<void> {
    this.#evaluator ??= await Evaluator.create(await this.#models!.clip, trainer);
    this.#emit({ kind: 'evaluation', evaluation: await this.#evaluator.evaluate(trainer) });
  }

  get #modelNames() {
    const { lm, clip } = this.#pair;
    return { lm, clip };
  }

  async #store(trainer: Trainer): Promise<void> {
    await storeCheckpoint(this.#pair, await trainer.state());
  }

  #ready(): Trainer {
    if (this.#trainer) return this.#trainer;
    throw new Fault({ kind: 'unexpected', message: 'The models are not loaded yet.' });
  }

  #setStatus(status: Status): void {
    this.#status = status;
    this.#emit({ kind: 'status', status });
  }
}
