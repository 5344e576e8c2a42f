/** The pictures or sounds whose captions the page shows: watched ones of the world and what the person gave. */
import type { Trainer } from '../esper/trainer';
import { Fault, type FaultCause } from '../faults';
import { type Encoder, type Input, isSound } from '../frozen/encoder';
import type { GivenFile, PictureRow, TrainerEvent } from './protocol';
import type { World } from './world';

const WATCHED = 8;

interface Entry {
  row: PictureRow;
  /** [E], raw. */
  features: Float32Array;
}

export class Gallery {
  readonly #clip: Encoder;
  readonly #world: World;
  readonly #emit: (event: TrainerEvent) => void;
  #entries: Entry[] = [];
  #given = 0;

  constructor(clip: Encoder, world: World, emit: (event: TrainerEvent) => void) {
    this.#clip = clip;
    this.#world = world;
    this.#emit = emit;
  }

  /** Draws the watched scenes, once; their captions come with the next `restart`. */
  async watch(): Promise<void> {
    if (this.#entries.some(({ row }) => row.origin === 'watched')) return;
    const items = this.#world.watched(WATCHED);
    const features = await this.#clip.features(items.map(({ input }) => input));
    const E = features.length / items.length;
    const name = this.#world.modality === 'sound' ? 'Sound' : 'Scene';
    for (const [i, { truth, heldOut, input }] of items.entries()) {
      const id = `watched-${i}`;
      await this.#show(id, input);
      this.#entries.push({
        row: { ...emptyRow(id, `${name} ${i + 1}`, 'watched'), truth, heldOut },
        features: features.slice(i * E, (i + 1) * E),
      });
    }
  }

  /** Adds what can be read, captioned; the rest comes back as faults. */
  async add(trainer: Trainer, files: readonly GivenFile[]): Promise<FaultCause[]> {
    const faults: FaultCause[] = [];
    const added: Entry[] = [];
    for (const { name, data } of files) {
      try {
        // A file, so that a fault can name it.
        const input = data instanceof Blob ? new File([data], name, data) : data;
        const features = await this.#clip.features([input]);
        const id = `given-${++this.#given}`;
        await this.#show(id, input);
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

  /** Gives the page what it shows of an entry: its image and, to be played, its sound. */
  async #show(id: string, input: Input): Promise<void> {
    const { rate, samples } = this.#clip.hearing ?? {};
    if (isSound(input) && rate !== undefined)
      this.#emit({ kind: 'sound', id, samples: input.slice(0, samples), rate });
    this.#emit({ kind: 'thumbnail', id, image: await this.#clip.imageOf(input) });
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
