/**
 * The pictures, or sounds, of a run: what the trainer's table holds (generated scenes, or the person's
 * photos), what the page shows captions of, and what is held out and evaluated.
 */
import { isBundled, type Pair } from '../esper/pair';
import { CALIBRATION_PICTURES } from '../esper/calibration';
import type { Trainer } from '../esper/trainer';
import type { FaultCause } from '../faults';
import type { Encoder } from '../frozen/encoder';
import type { TrainingPictures } from './continuation/folder';
import { Evaluator, evaluatePhotos } from './evaluation';
import { Gallery } from './gallery';
import type { Models } from './models';
import type { PhotoSet } from './photos/photo-set';
import type { PhotoWork } from './photos/photo-work';
import { PhotoStore } from './photos/store';
import { tableRows } from './picture-table';
import type { GivenFile, TrainerEvent } from './protocol';
import { TrainingSet } from './training-set';
import type { WorkQueue } from './work-queue';
import type { World } from './world';

/** Training scenes that CLIP looks at in one go. */
const SCENES_A_PART = 64;
const EVALUATE_EVERY = 20;
/** Held-out photos that an evaluation captions; of more, the first by their hashes. */
const MOST_EVALUATED = 128;

/** Models of the hub train on photos as soon as there are any, the bundled ones when told to. */
export const trainsOnPhotos = (pair: Pair, photos: PhotoSet): boolean =>
  (!isBundled(pair) || photos.settings.isChosen) && photos.canTrain;

export interface PictureSurroundings {
  pair: Pair;
  queue: WorkQueue;
  emit(event: TrainerEvent): void;
  /** The run that is on; undefined between two. */
  trainer(): Trainer | undefined;
}

export class PictureWork {
  readonly #clip: Encoder;
  readonly #world: World;
  readonly #photos: PhotoSet | undefined;
  readonly #surroundings: PictureSurroundings;
  readonly #scenes: TrainingSet;
  readonly #gallery: Gallery;
  #evaluator: Evaluator | undefined;
  /** What the table of the present run holds. */
  #source: 'scenes' | 'photos' = 'scenes';
  #evaluatedAt: number | undefined;

  /** With the person's photos where the models look at pictures; sounds have no such set. */
  static async open(
    { clip: loading, world }: Pick<Models, 'clip' | 'world'>,
    photoWork: PhotoWork,
    surroundings: PictureSurroundings,
  ): Promise<PictureWork> {
    const hasPhotos = world.modality === 'picture';
    const [clip, photos] = await Promise.all([
      loading,
      hasPhotos ? photoWork.open(new PhotoStore(), surroundings.pair) : undefined,
    ]);
    const work = await PictureWork.create(clip, world, photos, surroundings);
    if (hasPhotos) photoWork.begin(clip);
    return work;
  }

  /** @param photos undefined where this browser keeps none */
  static async create(
    clip: Encoder,
    world: World,
    photos: PhotoSet | undefined,
    surroundings: PictureSurroundings,
  ): Promise<PictureWork> {
    const work = new PictureWork(clip, world, photos, surroundings);
    await work.#gallery.watch();
    return work;
  }

  private constructor(
    clip: Encoder,
    world: World,
    photos: PhotoSet | undefined,
    surroundings: PictureSurroundings,
  ) {
    this.#clip = clip;
    this.#world = world;
    this.#photos = photos;
    this.#surroundings = surroundings;
    this.#scenes = new TrainingSet(clip, world);
    this.#gallery = new Gallery(clip, world, surroundings.emit);
  }

  /** Gives a new run its pictures and its first captions; the rest of the scenes is queued. */
  async begin(trainer: Trainer): Promise<void> {
    this.#evaluatedAt = undefined;
    await this.#gallery.restart(trainer);
    await this.refill(trainer);
    await this.#gallery.refresh(trainer);
  }

  /** Fills the table anew: that of another trainer, or for another convention of features. */
  async refill(trainer: Trainer): Promise<void> {
    this.#source = 'photos'; // so that scenes are filled in
    await this.fill(trainer);
  }

  /** What the run draws its pictures from; of photos fewer than the table's rows each is there once. */
  async trainingPictures(trainer: Trainer): Promise<TrainingPictures> {
    const rows = trainer.config.trainingPictures;
    const { E } = trainer.projector.shape;
    if (this.#source === 'photos') {
      const features = this.#photos!.trainingFeatures().subarray(0, rows * E);
      return { ids: this.#photos!.trainingHashes.slice(0, rows), features };
    }
    const features = await this.#scenes.compute(0, rows);
    return { ids: Array.from({ length: rows }, (_, index) => `scene ${index}`), features };
  }

  /** Brings the table up to date with what is to be trained on. */
  async fill(trainer: Trainer): Promise<void> {
    const { pair } = this.#surroundings;
    const rows = trainer.config.trainingPictures;
    const { E } = trainer.projector.shape;
    if (this.#photos && trainsOnPhotos(pair, this.#photos)) {
      this.#source = 'photos';
      trainer.setPictures(tableRows(this.#photos.trainingFeatures(), rows, E), 0);
    } else if (this.#source === 'photos') {
      this.#source = 'scenes';
      await this.#scenes.compute(0, Math.min(CALIBRATION_PICTURES, rows));
      trainer.setPictures(tableRows(this.#scenes.features(rows), rows, E), 0);
      this.#completeScenes(trainer);
    }
  }

  async add(trainer: Trainer, files: readonly GivenFile[]): Promise<FaultCause[]> {
    return this.#gallery.add(trainer, files);
  }

  /** Raw features [E] of a picture that is shown; undefined where there is none of this id. */
  featuresOf(id: string): Float32Array | undefined {
    return this.#gallery.featuresOf(id);
  }

  remove(id: string): void {
    this.#gallery.remove(id);
  }

  refresh(trainer: Trainer): Promise<void> {
    return this.#gallery.refresh(trainer);
  }

  /** After an update: evaluates what is held out every so often. */
  async evaluateWhenDue(trainer: Trainer): Promise<void> {
    if (trainer.update % EVALUATE_EVERY !== 0) return;
    if (this.#source === 'photos') await this.#evaluatePhotos(trainer);
    else if (isBundled(this.#surroundings.pair)) await this.#evaluateScenes(trainer);
  }

  /** When training rests: captions as they are now, and the held-out photos. */
  async rest(trainer: Trainer): Promise<void> {
    await this.#gallery.refresh(trainer);
    if (this.#source === 'photos') await this.#evaluatePhotos(trainer);
  }

  async #evaluatePhotos(trainer: Trainer): Promise<void> {
    const features = this.#photos!.heldOutFeatures(MOST_EVALUATED);
    if (features.length === 0 || trainer.update === this.#evaluatedAt) return;
    this.#evaluatedAt = trainer.update;
    const evaluation = await evaluatePhotos(trainer, features);
    this.#surroundings.emit({ kind: 'evaluation', evaluation });
  }

  async #evaluateScenes(trainer: Trainer): Promise<void> {
    this.#evaluator ??= await Evaluator.create(this.#clip, this.#world, trainer);
    const evaluation = await this.#evaluator.evaluate(trainer);
    this.#surroundings.emit({ kind: 'evaluation', evaluation });
  }

  /** Queues the rest of the training scenes, in parts so that other work can come between. */
  #completeScenes(trainer: Trainer): void {
    const { queue, emit } = this.#surroundings;
    const count = trainer.config.trainingPictures;
    for (let first = 0; first < count; first += SCENES_A_PART) {
      const last = Math.min(count, first + SCENES_A_PART);
      void queue
        .answer(async () => {
          if (trainer !== this.#surroundings.trainer() || this.#source !== 'scenes') return;
          trainer.setPictures(await this.#scenes.compute(first, last), first);
        })
        .then((done) => {
          if (!done.ok) emit({ kind: 'fault', fault: done.fault });
        });
    }
  }
}
