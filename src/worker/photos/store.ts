/**
 * Photos kept in IndexedDB: what the page shows of each, its original bytes, and its features by the
 * CLIP that saw it. One object store whose keys begin with what they hold, so that a photo and its
 * original are written in one transaction: a photo that is listed has its original.
 */
import { createStore, delMany, get, promisifyRequest, set, setMany } from 'idb-keyval';
import { Fault } from '../../faults';
import type { PhotoSettings } from '../protocol';

export interface PhotoRecord {
  /** SHA-256 of the original, hex. */
  hash: string;
  name: string;
  /** Of the original. */
  bytes: number;
  /** WebP, longest side at most 96 pixels. */
  thumbnail: Blob;
}

/** A CLIP as it sees: its repository and number format. */
export interface Sight {
  clip: string;
  clipDType: string;
}

const PHOTO = 'photo';
const ORIGINAL = 'original';
const FEATURES = 'features';
const SETTINGS = 'settings';

/** Every key that begins with these parts: an array sorts behind every text. */
const beginningWith = (...parts: string[]) => IDBKeyRange.bound(parts, [...parts, []]);
const featureKey = ({ clip, clipDType }: Sight, hash: string) => [FEATURES, clip, clipDType, hash];

export class PhotoStore {
  readonly #store;

  /** @param database a name; tests have their own */
  constructor(database = 'esper-photos') {
    this.#store = createStore(database, 'photos');
  }

  /** All photos, in the order of their hashes. @throws Fault no-storage */
  list(): Promise<PhotoRecord[]> {
    return this.#reading(() =>
      this.#store('readonly', (store) =>
        promisifyRequest<PhotoRecord[]>(store.getAll(beginningWith(PHOTO))),
      ),
    );
  }

  /** @throws Fault disk-full, no-storage */
  add(record: PhotoRecord, original: Blob): Promise<void> {
    const { hash, name, bytes } = record;
    return writing(name, bytes, () =>
      setMany(
        [
          [[ORIGINAL, hash], original],
          [[PHOTO, hash], record],
        ],
        this.#store,
      ),
    );
  }

  /** Takes photos off the list; their originals stay until `sweep`, so that this can be undone. */
  unlist(hashes: readonly string[]): Promise<void> {
    return this.#reading(() =>
      delMany(
        hashes.map((hash) => [PHOTO, hash]),
        this.#store,
      ),
    );
  }

  /** Lists again what was taken off. */
  relist(records: readonly PhotoRecord[]): Promise<void> {
    return writing('the photos', 0, () =>
      setMany(
        records.map((record) => [[PHOTO, record.hash], record]),
        this.#store,
      ),
    );
  }

  original(hash: string): Promise<Blob | undefined> {
    return this.#reading(() => get<Blob>([ORIGINAL, hash], this.#store));
  }

  /** Raw features [E] of every photo that this CLIP has seen. */
  features(sight: Sight): Promise<Map<string, Float32Array>> {
    const range = beginningWith(FEATURES, sight.clip, sight.clipDType);
    return this.#reading(() =>
      this.#store('readonly', async (store) => {
        const [keys, values] = await Promise.all([
          promisifyRequest<IDBValidKey[]>(store.getAllKeys(range)),
          promisifyRequest<Float32Array[]>(store.getAll(range)),
        ]);
        return new Map(keys.map((key, i) => [(key as string[]).at(-1)!, values[i]!]));
      }),
    );
  }

  /** @throws Fault disk-full, no-storage */
  addFeatures(sight: Sight, rows: ReadonlyMap<string, Float32Array>): Promise<void> {
    const bytes = [...rows.values()].reduce((sum, row) => sum + row.byteLength, 0);
    return writing('the features of photos', bytes, () =>
      setMany(
        [...rows].map(([hash, row]) => [featureKey(sight, hash), row]),
        this.#store,
      ),
    );
  }

  settings(): Promise<PhotoSettings | undefined> {
    return this.#reading(() => get<PhotoSettings>(SETTINGS, this.#store));
  }

  setSettings(settings: PhotoSettings): Promise<void> {
    return writing('the settings of photos', 0, () => set(SETTINGS, settings, this.#store));
  }

  /** Deletes the originals and features of photos that are no longer listed. */
  async sweep(): Promise<void> {
    const keys = await this.#reading(() =>
      this.#store('readonly', (store) => promisifyRequest<IDBValidKey[]>(store.getAllKeys())),
    );
    const parts = keys.filter((key): key is string[] => Array.isArray(key));
    const listed = new Set(parts.filter(([kind]) => kind === PHOTO).map((key) => key.at(-1)));
    const orphans = parts.filter((key) => !listed.has(key.at(-1)));
    await this.#reading(() => delMany(orphans, this.#store));
  }

  async #reading<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new Fault({ kind: 'no-storage', message: String(error) });
    }
  }
}

async function writing(file: string, need: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    throw new Fault(
      isFull ? { kind: 'disk-full', file, need } : { kind: 'no-storage', message: String(error) },
    );
  }
}
