/**
 * The person's training set: photos by the hashes of their files, kept on this disk, with the features
 * that one CLIP has of them. Says which are trained on and which are held out.
 */
import { Fault, type FaultCause } from '../../faults';
import type { Encoder } from '../../frozen/encoder';
import type { PhotoRow, PhotoSettings } from '../protocol';
import { decoded, hashOf, type PhotoFile, photoRecord } from './file';
import { byHash, heldOutOf } from './split';
import type { PhotoRecord, PhotoStore, Sight } from './store';

const DEFAULT_SETTINGS: PhotoSettings = { heldOutShare: 0.1, isChosen: false };

export class PhotoSet {
  readonly #store: PhotoStore;
  readonly #sight: Sight;
  readonly #records: Map<string, PhotoRecord>;
  /** Hash → raw features [E]; also of what was removed and may come back. */
  readonly #features: Map<string, Float32Array>;
  #settings: PhotoSettings;
  #heldOut: ReadonlySet<string> = new Set();
  /** What was removed since the set was opened, the last removal at the end. */
  #removals: PhotoRecord[][] = [];

  /** What is kept on this disk, as `sight` sees it. @throws Fault no-storage */
  static async open(store: PhotoStore, sight: Sight): Promise<PhotoSet> {
    await store.sweep();
    const [records, features, settings] = await Promise.all([
      store.list(),
      store.features(sight),
      store.settings(),
    ]);
    return new PhotoSet(store, sight, records, features, settings ?? DEFAULT_SETTINGS);
  }

  private constructor(
    store: PhotoStore,
    sight: Sight,
    records: readonly PhotoRecord[],
    features: Map<string, Float32Array>,
    settings: PhotoSettings,
  ) {
    this.#store = store;
    this.#sight = sight;
    this.#records = new Map(records.map((record) => [record.hash, record]));
    this.#features = features;
    this.#settings = settings;
    this.#split();
  }

  get settings(): PhotoSettings {
    return this.#settings;
  }

  /** Photos that `undo` would bring back. */
  get undoable(): number {
    return this.#removals.at(-1)?.length ?? 0;
  }

  /** What the photos take on this disk. */
  get bytes(): number {
    let sum = 0;
    for (const { hash, bytes, thumbnail } of this.#records.values())
      sum += bytes + thumbnail.size + (this.#features.get(hash)?.byteLength ?? 0);
    return sum;
  }

  /** In the order of adding; after a reload in that of their hashes. */
  get rows(): PhotoRow[] {
    return [...this.#records.values()].map(({ hash, name }) => ({
      hash,
      name,
      isHeldOut: this.#heldOut.has(hash),
      isSeen: this.#features.has(hash),
    }));
  }

  get thumbnails(): { hash: string; image: Blob }[] {
    return [...this.#records.values()].map(({ hash, thumbnail }) => ({ hash, image: thumbnail }));
  }

  /** Photos that CLIP has not looked at. */
  get unseen(): string[] {
    return [...this.#records.keys()].filter((hash) => !this.#features.has(hash));
  }

  /** Whether there is anything to train on. */
  get canTrain(): boolean {
    return this.rows.some(({ isSeen, isHeldOut }) => isSeen && !isHeldOut);
  }

  /** What may be trained on, in the order of `trainingFeatures`. */
  get trainingHashes(): string[] {
    return this.#seen((hash) => !this.#heldOut.has(hash));
  }

  /** Raw features [n, E] of what may be trained on. */
  trainingFeatures(): Float32Array {
    return this.#featuresOf((hash) => !this.#heldOut.has(hash));
  }

  /** Raw features [E] of one photo; undefined where CLIP has not seen it. */
  featuresOf(hash: string): Float32Array | undefined {
    return this.#records.has(hash) ? this.#features.get(hash) : undefined;
  }

  /** Raw features [n, E] of what is held out, of the first `most` photos by their hashes. */
  heldOutFeatures(most: number): Float32Array {
    return this.#featuresOf((hash) => this.#heldOut.has(hash), most);
  }

  /**
   * Keeps a photo; false where it is there already.
   * @throws Fault bad-image, disk-full, no-storage
   */
  async add(file: PhotoFile): Promise<boolean> {
    const hash = await hashOf(file);
    if (this.#records.has(hash)) return false;
    const record = await photoRecord(file, hash);
    await this.#keep(record, file.data);
    this.#records.set(hash, record);
    this.#split();
    return true;
  }

  /**
   * Has CLIP look at photos. Those whose originals cannot be read any more leave the set.
   * @returns why, for each that left
   */
  async see(clip: Pick<Encoder, 'features'>, hashes: readonly string[]): Promise<FaultCause[]> {
    const files: Original[] = [];
    for (const hash of hashes) {
      const record = this.#records.get(hash);
      if (!record) continue; // removed meanwhile
      // An original that the browser has lost is a file of nothing, which cannot be decoded.
      const data = (await this.#store.original(hash)) ?? new Blob();
      files.push({ hash, name: record.name, data });
    }
    const { features, seen, lost } = await look(clip, files);
    for (const { hash } of lost) this.#records.delete(hash);
    if (lost.length > 0) {
      this.#split();
      await this.#store.unlist(lost.map(({ hash }) => hash));
    }
    const E = features.length / Math.max(1, seen.length);
    const rows = new Map(seen.map((hash, i) => [hash, features.slice(i * E, (i + 1) * E)]));
    for (const [hash, row] of rows) this.#features.set(hash, row);
    await this.#store.addFeatures(this.#sight, rows);
    return lost.map(({ fault }) => fault);
  }

  async remove(hashes: readonly string[]): Promise<void> {
    const removed = hashes.flatMap((hash) => this.#records.get(hash) ?? []);
    if (removed.length === 0) return;
    for (const { hash } of removed) this.#records.delete(hash);
    this.#removals.push(removed);
    this.#split();
    await this.#store.unlist(hashes);
  }

  async undo(): Promise<void> {
    const removed = this.#removals.pop();
    if (!removed) return;
    for (const record of removed) this.#records.set(record.hash, record);
    this.#split();
    await this.#store.relist(removed);
  }

  async configure(settings: PhotoSettings): Promise<void> {
    this.#settings = settings;
    this.#split();
    await this.#store.setSettings(settings);
  }

  /** On a full disk what was removed makes room. */
  async #keep(record: PhotoRecord, original: Blob): Promise<void> {
    try {
      await this.#store.add(record, original);
    } catch (error) {
      const isFull = error instanceof Fault && error.fault.kind === 'disk-full';
      if (!isFull || this.#removals.length === 0) throw error;
      this.#removals = [];
      await this.#store.sweep();
      await this.#store.add(record, original);
    }
  }

  #split(): void {
    this.#heldOut = heldOutOf([...this.#records.keys()], this.#settings.heldOutShare);
  }

  #seen(isWanted: (hash: string) => boolean): string[] {
    return byHash([...this.#records.keys()].filter(isWanted)).filter((hash) =>
      this.#features.has(hash),
    );
  }

  #featuresOf(isWanted: (hash: string) => boolean, most = Number.POSITIVE_INFINITY): Float32Array {
    const rows = this.#seen(isWanted).map((hash) => this.#features.get(hash)!);
    const E = rows[0]?.length ?? 0;
    const features = new Float32Array(Math.min(most, rows.length) * E);
    rows.slice(0, most).forEach((row, i) => features.set(row, i * E));
    return features;
  }
}

type Original = PhotoFile & { hash: string };

interface Look {
  /** [seen, E] */
  features: Float32Array;
  /** Hashes. */
  seen: string[];
  lost: { hash: string; fault: FaultCause }[];
}

/** Looks at all in one go; only where that fails it is asked which of them cannot be decoded. */
async function look(clip: Pick<Encoder, 'features'>, files: Original[]): Promise<Look> {
  try {
    const features = await clip.features(files.map(({ data }) => data));
    return { features, seen: files.map(({ hash }) => hash), lost: [] };
  } catch (error) {
    const lost: Look['lost'] = [];
    for (const file of files) {
      try {
        (await decoded(file)).close();
      } catch (problem) {
        if (!(problem instanceof Fault)) throw problem;
        lost.push({ hash: file.hash, fault: problem.fault });
      }
    }
    if (lost.length === 0) throw error;
    const left = files.filter(({ hash }) => !lost.some((file) => file.hash === hash));
    return { ...(await look(clip, left)), lost };
  }
}
