/** What the page and the library's worker say to each other. */
import type { FolderFile } from '../frozen/hub/own-files';
import type { FileProgress, Plan } from '../frozen/hub/fetch-repository';
import type { Hub } from '../frozen/hub/listing';
import type { StoredFile } from '../frozen/hub/store';
import type { Config } from '../esper/config';
import type { Pair } from '../esper/pair';
import type { Result } from './protocol';

export type { FileProgress, FolderFile, Hub, StoredFile };

/** Everything that a pair needs, and how much of it is here. */
export interface PairPlan {
  pair: Pair;
  /** The language model's repository, then the encoder's. */
  repositories: readonly [Plan, Plan];
  memory: MemoryPlan;
}

/** GPU memory, in bytes, as far as it can be known beforehand. */
export interface MemoryPlan {
  /** One copy of the language model's weights. */
  weights: number;
  /** The encoder's towers, by their files; 0 where they run on WebAssembly. */
  clip: number;
  /** Everything that a run makes, with the present settings. */
  training: number;
  /** What this GPU gave of the sum when it was asked; undefined without a GPU. */
  room: number | undefined;
  /** Settings that would fit where the present ones do not, if there are any. */
  proposal: Config | undefined;
}

/** The models on this disk: downloads go on while a trainer runs, and without one. */
export interface LibraryApi {
  /** Looks up what would be downloaded, and what a run would take. */
  plan(hub: Hub, pair: Pair, config: Config): Promise<Result<PairPlan>>;
  /** Downloads what is missing; true when all is here, false when it was cancelled. */
  fetch(
    hub: Hub,
    plan: PairPlan,
    onProgress: (progress: FileProgress) => void,
  ): Promise<Result<boolean>>;
  /** Ends the running download; what has arrived stays. */
  cancel(): Promise<Result<null>>;
  /** Whether the pair can be used without a network. */
  isStored(pair: Pair): Promise<Result<boolean>>;
  list(): Promise<Result<StoredFile[]>>;
  /** Takes a folder of a repository in; answers with the name that it has from now on. */
  addFolder(folder: string, files: FolderFile[]): Promise<Result<string>>;
  /** The same for a zip of one. */
  addZip(name: string, zip: Blob): Promise<Result<string>>;
  remove(repository: string): Promise<Result<null>>;
}
