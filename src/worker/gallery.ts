/** The pictures whose captions the page shows: watched scenes and what the person gave. */
import type { Trainer } from '../esper/trainer';
import { Fault, type FaultCause } from '../faults';
import type { Clip } from '../frozen/clip/clip';
import type { PictureRow, TrainerEvent } from './protocol';
import { watchedPictures } from './world';

const WATCHED = 8;

interface Entry {
  row: PictureRow;
  /** [E], raw. */
  features: Float32Array;
}

export class Gallery {
  readonly #clip: Clip;
  readonly #emit: (event: TrainerEvent) => void;
  #entries: Entry[] = [];
  #given = 0;

  constructor(clip: Clip, emit: (event: TrainerEvent) => void) {
    this.#clip = clip;
    this.#emit = emit;
  }

  /** Draws the watched scenes, once; their captions come with the next `restart`. */
  async watch(): Promise<void> {
    if (this.#entries.some(({ row }) => row.origin === 'watched')) return;
    const pictures = watchedPictures(WATCHED);
    const features = await this.#clip.imageFeatures(pictures.map(({ canvas }) => canvas));
    const E = features.length / pictures.length;
    for (const [i, { truth, heldOut, canvas }] of pictures.entries()) {
      const id = `watched-${i}`;
      this.#emit({ kind: 'thumbnail', id, image: await canvas.convertToBlob() });
      this.#entries.push({
        row: { ...emptyRow(id, `Scene ${i + 1}`, 'watched'), truth, heldOut },
        features: features.slice(i * E, (i + 1) * E),
      });
    }
  }

  /** Adds pictures that can be read, captioned; the others come back as faults. */
  async add(
    trainer: Trainer,
    files: readonly { name: string; data: Blob }[],
  ): Promise<FaultCause[]> {
    const faults: FaultCause[] = [];
    const added: Entry[] = [];
    for (const { name, data } of files) {
      try {
        // A file, so that a fault can name it.
        const features = await this.#clip.imageFeatures([new File([data], name, data)]);
        const id = `given-${++this.#given}`;
        this.#emit({ kind: 'thumbnail', id, image: data });
        added.push({ row: emptyRow(id, name, 'given'), features });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        faults.push(error.fault);
      }
    }
    if (added.length > 0) {
      await this.#score(trainer, added);
      await this.#writeBefore(trainer, added);
    }
    this.#entries.push(...added);
    this.#emitRows();
    return faults;
  }

  /** Raw features [E]; undefined where no such picture is shown. */
  featuresOf(id: string): Float32Array | undefined {
    return this.#entries.find(({ row }) => row.id === id)?.features;
  }

  remove(id: string): void {
    this.#entries = this.#entries.filter(({ row }) => row.id !== id);
    this.#emitRows();
  }

  /** Captions all anew for a run that begins or was restored, without scores. */
  async restart(trainer: Trainer): Promise<void> {
    const now = await trainer.write(featuresOf(this.#entries));
    this.#entries.forEach((entry, i) => {
      entry.row = { ...entry.row, now: now[i]!, score: undefined, update: trainer.update };
    });
    await this.#writeBefore(trainer, this.#entries);
    this.#emitRows();
  }

  /** Captions and scores with the projector as it is. */
  async refresh(trainer: Trainer): Promise<void> {
    await this.#score(trainer, this.#entries);
    this.#emitRows();
  }

  /** What the untrained projector says; while it is untrained, that is what it says now. */
  async #writeBefore(trainer: Trainer, entries: readonly Entry[]): Promise<void> {
    const before = trainer.isUntrained
      ? entries.map(({ row }) => row.now)
      : await trainer.writeUntrained(featuresOf(entries));
    entries.forEach((entry, i) => {
      entry.row = { ...entry.row, before: before[i]! };
    });
  }

  async #score(trainer: Trainer, entries: readonly Entry[]): Promise<void> {
    const captions = await trainer.caption(featuresOf(entries));
    entries.forEach((entry, i) => {
      const { text, ...score } = captions[i]!;
      entry.row = { ...entry.row, now: text, score, update: trainer.update };
    });
  }

  #emitRows(): void {
    this.#emit({ kind: 'rows', rows: this.#entries.map(({ row }) => row) });
  }
}

const emptyRow = (id: string, name: string, origin: PictureRow['origin']): PictureRow => ({
  id,
  name,
  origin,
  before: '',
  now: '',
  score: undefined,
  update: 0,
});

/** [n, E] */
function featuresOf(entries: readonly Entry[]): Float32Array {
  const E = entries[0]?.features.length ?? 0;
  const features = new Float32Array(entries.length * E);
  entries.forEach((entry, i) => features.set(entry.features, i * E));
  return features;
}
