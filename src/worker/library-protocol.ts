/** What the page and the library's worker say to each other. */
import type { FolderFile } from '../frozen/hub/own-files';
import type { FileProgress, Plan } from '../frozen/hub/fetch-repository';
import type { Hub } from '../frozen/hub/listing';
import type { StoredFile } from '../frozen/hub/store';
import type { Config } from '../esper/config';
import type { MemoryNeed } from '../esper/memory';
import type { Pair } from '../esper/pair';
import type { Result } from './protocol';

export type { FileProgress, FolderFile, Hub, StoredFile };

/** Everything that a pair needs, and how much of it is here. */
export interface PairPlan {
  pair: Pair;
  /** The language model's repository, then CLIP's. */
  repositories: readonly [Plan, Plan];
  /** GPU memory that a run with these settings will take. */
  memory: MemoryNeed;
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
