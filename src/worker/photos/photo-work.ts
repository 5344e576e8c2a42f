/**
 * What the page may ask of the person's training set, and what it is told. Files are read beside the
 * run; CLIP looks at them in small parts through the run's queue, so that training and captions go on
 * between two parts.
 */
import { Fault, type FaultCause, toFaultCause } from '../../faults';
import type { Encoder } from '../../frozen/encoder';
import type { PhotoProgress, PhotosApi, PhotoSettings, Result, TrainerEvent } from '../protocol';
import { answer, WorkQueue } from '../work-queue';
import type { PhotoFile } from './file';
import { PhotoSet } from './photo-set';
import type { PhotoStore, Sight } from './store';

/** Photos that CLIP looks at in one go: seconds on a slow machine, during which the queue waits. */
const PHOTOS_A_PART = 16;

type Sighted = Pick<Encoder, 'features'>;

const NOTHING: PhotoProgress = { done: 0, of: 0, duplicates: [], failed: [], isRunning: false };

export interface Surroundings {
  /** The run's queue. */
  queue: WorkQueue;
  emit(event: TrainerEvent): void;
  /** Whether a run with this set draws its pictures from it. */
  trainsOnPhotos(photos: PhotoSet): boolean;
  /** Inside the queue, after what may be trained on has changed. */
  onChange(): Promise<void>;
}

export class PhotoWork implements PhotosApi {
  readonly #surroundings: Surroundings;
  /** One batch of files after another. */
  readonly #intake = new WorkQueue();
  #photos: PhotoSet | undefined;
  /** Why there is no set. */
  #refusal: FaultCause = { kind: 'unexpected', message: 'The models are not loaded yet.' };
  /** Photos that come before CLIP is there wait for it. */
  readonly #clip: Promise<Sighted>;
  #giveClip: (clip: Sighted) => void = () => {};
  #progress: PhotoProgress = NOTHING;
  /** Batches that are not done yet. */
  #batches = 0;
  #stop = new AbortController();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#clip = new Promise((resolve) => {
      this.#giveClip = resolve;
    });
  }

  /** What is kept on this disk; undefined where the browser keeps nothing, which is told. */
  async open(store: PhotoStore, sight: Sight): Promise<PhotoSet | undefined> {
    const { emit } = this.#surroundings;
    try {
      const photos = (this.#photos = await PhotoSet.open(store, sight));
      emit({ kind: 'photo-thumbnails', images: photos.thumbnails });
      this.#tell();
      return photos;
    } catch (error) {
      this.#refusal = toFaultCause(error);
      emit({ kind: 'fault', fault: this.#refusal });
      return undefined;
    }
  }

  /** From now on photos are seen; first those that this CLIP has not looked at. */
  begin(clip: Sighted): void {
    this.#giveClip(clip);
    if (!this.#photos?.unseen.length) return;
    void this.see().then((done) => {
      if (!done.ok) this.#surroundings.emit({ kind: 'fault', fault: done.fault });
    });
  }

  /** Raw features [E] of one photo; undefined where CLIP has not seen it. */
  featuresOf(hash: string): Float32Array | undefined {
    return this.#photos?.featuresOf(hash);
  }

  add(files: readonly PhotoFile[]): Promise<Result<null>> {
    return this.#batch(files.length, async (signal) => {
      await this.#clip;
      for (let first = 0; first < files.length && !signal.aborted; first += PHOTOS_A_PART) {
        const part = files.slice(first, first + PHOTOS_A_PART);
        try {
          await this.#read(part);
        } finally {
          // On a full disk too: what was kept is trained on.
          await this.#seeAll(signal, part.length);
        }
      }
    });
  }

  see(): Promise<Result<null>> {
    const unseen = this.#photos?.unseen.length ?? 0;
    return this.#batch(unseen, (signal) => this.#seeAll(signal, unseen));
  }

  cancel(): Promise<Result<null>> {
    return answer(async () => {
      this.#stop.abort();
      this.#stop = new AbortController();
      return null;
    });
  }

  remove(hashes: readonly string[]): Promise<Result<null>> {
    return this.#change((photos) => photos.remove(hashes));
  }

  undo(): Promise<Result<null>> {
    return this.#change((photos) => photos.undo());
  }

  configure(settings: PhotoSettings): Promise<Result<null>> {
    return this.#change((photos) => photos.configure(settings));
  }

  /** Work on `count` files, after the batches before it. */
  #batch(count: number, work: (signal: AbortSignal) => Promise<void>): Promise<Result<null>> {
    const { signal } = this.#stop;
    const before = this.#batches++ === 0 ? NOTHING : this.#progress;
    this.#progress = { ...before, of: before.of + count, isRunning: true };
    this.#tellProgress();
    return this.#intake.answer(async () => {
      try {
        if (!signal.aborted) await work(signal);
      } finally {
        this.#batches--;
        this.#progress = { ...this.#progress, isRunning: this.#batches > 0 };
        this.#tellProgress();
      }
      return null;
    });
  }

  /** Keeps files that are photos and new; the others are noted. @throws Fault disk-full, no-storage */
  async #read(files: readonly PhotoFile[]): Promise<void> {
    const photos = this.#opened();
    const known = new Set(photos.rows.map(({ hash }) => hash));
    const { duplicates, failed } = this.#progress;
    const more: Pick<PhotoProgress, 'duplicates' | 'failed'> = {
      duplicates: [...duplicates],
      failed: [...failed],
    };
    try {
      for (const file of files) {
        try {
          if (!(await photos.add(file))) more.duplicates.push(file.name);
        } catch (error) {
          if (!(error instanceof Fault) || error.fault.kind !== 'bad-image') throw error;
          more.failed.push(error.fault);
        }
      }
    } finally {
      this.#progress = { ...this.#progress, ...more };
      const images = photos.thumbnails.filter(({ hash }) => !known.has(hash));
      if (images.length > 0) this.#surroundings.emit({ kind: 'photo-thumbnails', images });
    }
  }

  /** Has CLIP look at all that it has not seen, and counts `files` as done with the last part. */
  async #seeAll(signal: AbortSignal, files: number): Promise<void> {
    const clip = await this.#clip;
    const photos = this.#opened();
    const unseen = photos.unseen;
    let counted = 0;
    for (let first = 0; first < unseen.length && !signal.aborted; first += PHOTOS_A_PART) {
      const part = unseen.slice(first, first + PHOTOS_A_PART);
      const lost = await this.#surroundings.queue.run(async () => {
        const faults = await photos.see(clip, part);
        await this.#surroundings.onChange();
        return faults;
      });
      const done = Math.min(part.length, files - counted);
      counted += done;
      const { done: before, failed } = this.#progress;
      this.#progress = { ...this.#progress, done: before + done, failed: [...failed, ...lost] };
      this.#tellProgress();
      this.#tell();
    }
    if (signal.aborted) return;
    this.#progress = { ...this.#progress, done: this.#progress.done + files - counted };
    this.#tellProgress();
  }

  /** A change is in force when it is answered: the next update draws from the new set. */
  #change(work: (photos: PhotoSet) => Promise<void>): Promise<Result<null>> {
    return answer(async () => {
      const changed = work(this.#opened());
      this.#tell();
      await changed;
      await this.#surroundings.queue.run(() => this.#surroundings.onChange());
      return null;
    });
  }

  #opened(): PhotoSet {
    if (this.#photos) return this.#photos;
    throw new Fault(this.#refusal);
  }

  #tell(): void {
    const photos = this.#opened();
    const { rows, settings, bytes, undoable } = photos;
    const trainsOn = this.#surroundings.trainsOnPhotos(photos) ? 'photos' : 'scenes';
    this.#surroundings.emit({
      kind: 'photos',
      photos: { rows, settings, trainsOn, bytes, undoable },
    });
  }

  #tellProgress(): void {
    this.#surroundings.emit({ kind: 'photo-progress', progress: this.#progress });
  }
}
