/**
 * The trainer behind the page: opens the GPU and the models, runs iterations one after another, and
 * tells the page what happened. Everything that touches the run goes through one queue, so that a
 * picture, an import or a reset falls between two iterations, never into one.
 */
import { type Config, SETTINGS, structuralDifferences } from '../esper/config';
import type { RunState } from '../esper/run-state';
import { Trainer } from '../esper/trainer';
import { Fault, type FaultCause, toFaultCause } from '../faults';
import { clipProviderFor } from '../frozen/provider';
import { type Gpu, openGpu } from '../gpu/device';
import { giveTexts, loadTexts, readTexts, storeTexts } from './corpus';
import { exportContinuation, type ExportedFile, exportPrefix, importPrefix } from './exports';
import { Judging } from './judging';
import { metricsOf } from './metrics';
import { fetchAhead, loadModels, type Models } from './models';
import { queriesOf } from '../esper/queries';
import { BUNDLED_PAIR, type Pair } from '../esper/pair';
import { PhotoWork } from './photos/photo-work';
import { PictureWork, trainsOnPhotos } from './picture-work';
import { projectorSizes } from './plan-memory';
import type {
  GivenFile,
  ImportSummary,
  ProjectorSize,
  Result,
  Status,
  TrainerApi,
  TrainerEvent,
} from './protocol';
import { Speaking } from './speaking/speaking';
import { StyleWork } from './style-work';
import { deleteCheckpoint, loadCheckpoint, storeCheckpoint } from './storage';
import { answer, WorkQueue } from './work-queue';

/** Captions of the shown pictures are rewritten after so many updates. */
const CAPTION_EVERY = 4;

export class TrainerSession implements TrainerApi {
  #emit: (event: TrainerEvent) => void = () => {};
  #status: Status = 'checking';
  #pair: Pair = BUNDLED_PAIR;
  #gpu: Gpu | undefined;
  #models: Models | undefined;
  #trainer: Trainer | undefined;
  #pictures: PictureWork | undefined;
  readonly #queue = new WorkQueue();
  readonly photos = new PhotoWork({
    queue: this.#queue,
    emit: (event) => this.#emit(event),
    trainsOnPhotos: (photos) => trainsOnPhotos(this.#pair, photos),
    onChange: async () => {
      if (this.#trainer) await this.#pictures?.fill(this.#trainer);
    },
  });
  /** What works on the present run; throws where none is open. */
  readonly #bench = () => ({
    pair: this.#pair,
    trainer: this.#ready(),
    models: this.#models!,
    featuresOf: (id: string) => this.#pictures?.featuresOf(id),
    photo: (hash: string) => this.photos.featuresOf(hash),
  });
  readonly evaluation = new Judging(this.#queue, this.#bench);
  readonly speaking = new Speaking(this.#queue, this.#bench);
  readonly styles = new StyleWork(this.#queue, this.#bench);
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
        await this.#rest(trainer);
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
      queriesOf(this.#models!.networks, config); // what cannot be asked leaves the present run alone
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

  /** At once: it waits for no iteration. */
  measure(config: Config): Promise<Result<ProjectorSize[]>> {
    return answer(async () => {
      this.#ready();
      const { lm, E, query } = this.#models!.networks;
      return projectorSizes(lm.config, E, query.length, config, lm.provider === 'wasm');
    });
  }

  addPictures(files: GivenFile[]): Promise<Result<FaultCause[]>> {
    return this.#queue.answer(async () => {
      const trainer = this.#ready();
      return this.#pictures!.add(trainer, files);
    });
  }

  removePicture(id: string): Promise<Result<null>> {
    return this.#queue.answer(async () => {
      this.#pictures?.remove(id);
      return null;
    });
  }

  setTexts(file: { name: string; data: Blob } | undefined): Promise<Result<null>> {
    return this.#queue.answer(async () => {
      const trainer = this.#ready();
      const texts = file && readTexts(file.name, await file.data.text());
      await storeTexts(texts);
      giveTexts(this.#models!, texts, this.#emit);
      trainer.forgetTexts();
      return null;
    });
  }

  exportPrefix(): Promise<Result<ExportedFile<Uint8Array<ArrayBuffer>>>> {
    return this.#queue.answer(async () => exportPrefix(this.#ready(), this.#pair));
  }

  exportContinuation(): Promise<Result<ExportedFile<Blob>>> {
    return this.#queue.answer(async () =>
      exportContinuation(this.#ready(), this.#pair, this.#pictures!),
    );
  }

  importPrefix(file: string, data: ArrayBuffer): Promise<Result<ImportSummary>> {
    return this.#queue.answer(async () =>
      importPrefix(file, new Uint8Array(data), this.#ready(), this.#pair, this.#pictures!),
    );
  }

  async #start(config: Config): Promise<void> {
    this.#setStatus('checking');
    fetchAhead(this.#pair, 'for captions');
    this.#gpu = await openGpu();
    void this.#gpu.device.lost.then(({ reason, message }) => {
      this.#stopping = true;
      this.#emit({ kind: 'fault', fault: { kind: 'device-lost', reason, message } });
      this.#setStatus('failed');
    });
    const { name, isSoftware } = this.#gpu;
    this.#emit({ kind: 'adapter', name, isSoftware });
    this.#setStatus('loading');
    this.#models = await loadModels(this.#gpu, this.#pair, this.#emit);
    giveTexts(this.#models, await loadTexts(), this.#emit);
    const lm = this.#models.networks.lm.provider;
    this.#emit({ kind: 'providers', lm, clip: clipProviderFor(this.#gpu, this.#pair.clipDType) });
    this.#setStatus('compiling');
    const stored = await loadCheckpoint(this.#pair);
    const fits = stored && structuralDifferences(stored.config, config).length === 0;
    await this.#newRun(config, fits ? stored : undefined);
    this.#setStatus(fits && stored.update > 0 ? 'paused' : 'ready');
  }

  async #newRun(config: Config, restored: RunState | undefined): Promise<void> {
    await this.#trainer?.destroy();
    this.#trainer = undefined;
    // The shaders of the first captions compile while CLIP loads and looks at the watched scenes.
    const [trainer, pictures] = await Promise.all([
      Trainer.create(this.#models!.networks, config),
      this.#watch(),
    ]);
    if (restored) trainer.restore(restored);
    this.#trainer = trainer;
    const update = trainer.update;
    const episodes = update * config.imagesPerBatch * config.samplesPerImage;
    this.#emit({ kind: 'run', config, update, episodes, restored: restored !== undefined });
    await pictures.begin(trainer);
    // An update's programs compile while the person looks; what fails is told when it is trained.
    trainer.prepare().catch(() => {});
  }

  async #watch(): Promise<PictureWork> {
    this.#pictures ??= await PictureWork.open(this.#models!, this.photos, {
      pair: this.#pair,
      queue: this.#queue,
      emit: this.#emit,
      trainer: () => this.#trainer,
    });
    return this.#pictures;
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
          if (trainer.update % CAPTION_EVERY === 0) await this.#pictures!.refresh(trainer);
          await this.#pictures!.evaluateWhenDue(trainer);
          if (trainer.update % trainer.config.checkpointEvery === 0) await this.#store(trainer);
        });
      }
      await this.#queue.run(() => this.#rest(this.#ready()));
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
    await trainer.begin((report) =>
      this.#emit({ kind: 'metrics', metrics: metricsOf(report, this.#gpu!.usage.bytes) }),
    );
  }

  async #rest(trainer: Trainer): Promise<void> {
    await trainer.settle();
    await this.#pictures!.rest(trainer);
    await this.#store(trainer);
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
