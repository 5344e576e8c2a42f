/**
 * Brings the files of a repository that a network needs to the disk. First a plan, so that a person
 * knows what will be downloaded before anything is; then the plan is carried out, one file after
 * another, each going on where it was left.
 */
import { Fault } from '../../faults';
import { download } from './download';
import { type Hub, type ListedFile, listRepository, resolveUrl } from './listing';
import type { ModelStore } from './store';

/** Which files are wanted. */
export interface Wanted {
  /** "openai-community/gpt2" */
  repository: string;
  /** A branch, a tag or a commit. */
  revision: string;
  required: readonly string[];
  /** Taken where the repository has them. */
  optional: readonly string[];
}

export interface PlannedFile extends ListedFile {
  /** Bytes that are already here. */
  here: number;
}

export interface Plan {
  repository: string;
  revision: string;
  files: readonly PlannedFile[];
}

export interface FileProgress {
  repository: string;
  path: string;
  /** Bytes that are here, of how many. */
  done: number;
  bytes: number;
}

/** @throws Fault download; bad-file where a required file is not in the repository */
export async function planDownload(
  hub: Hub,
  store: ModelStore,
  { repository, revision, required, optional }: Wanted,
): Promise<Plan> {
  const listed = await listRepository(hub, repository, revision);
  const byPath = new Map(listed.map((file) => [file.path, file]));
  const missing = required.filter((path) => !byPath.has(path));
  if (missing.length > 0) throw lacks(repository, missing);
  const files = [...required, ...optional].flatMap((path) => byPath.get(path) ?? []);
  return {
    repository,
    revision,
    files: await Promise.all(
      files.map(async (file) => ({
        ...file,
        here: (await store.has(repository, file))
          ? file.bytes
          : await store.partOf(repository, file),
      })),
    ),
  };
}

/**
 * The same for a repository that came from a folder: all of it is here, or it is not usable.
 * @throws Fault bad-file
 */
export async function planStored(
  store: ModelStore,
  { repository, revision, required, optional }: Wanted,
): Promise<Plan> {
  const files: PlannedFile[] = [];
  const missing: string[] = [];
  for (const path of [...required, ...optional]) {
    const file = await store.read(repository, path);
    if (file) files.push({ path, bytes: file.size, here: file.size, hash: undefined });
    else if (required.includes(path)) missing.push(path);
  }
  if (missing.length > 0) throw lacks(repository, missing);
  return { repository, revision, files };
}

const lacks = (repository: string, missing: readonly string[]) =>
  new Fault({
    kind: 'bad-file',
    file: repository,
    problem: `The repository has no ${missing.join(', no ')}.`,
  });

/** True where all that is required is on the disk: no network is needed then. */
export async function isStored(
  store: ModelStore,
  { repository, required }: Wanted,
): Promise<boolean> {
  const found = await Promise.all(required.map((path) => store.read(repository, path)));
  return found.every((file) => file !== undefined);
}

/**
 * @throws Fault download, file-changed, hash, disk-full; the signal's reason where it was aborted. What
 * has arrived stays.
 */
export async function carryOut(
  plan: Plan,
  hub: Hub,
  store: ModelStore,
  onProgress: (progress: FileProgress) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { repository, revision } = plan;
  for (const file of plan.files) {
    const { path, bytes } = file;
    const tell = (done: number) => onProgress({ repository, path, done, bytes });
    // Not what the plan said: it may have been carried out in part since.
    if (await store.has(repository, file)) {
      tell(bytes);
      continue;
    }
    const incoming = await store.receive(repository, file);
    tell(incoming.length);
    try {
      const url = resolveUrl(hub, repository, revision, path);
      const name = `${repository}/${path}`;
      const { token } = hub;
      await download({ name, url, bytes }, incoming, { token, signal, onProgress: tell });
    } catch (error) {
      incoming.close();
      throw error;
    }
    await incoming.finish();
  }
}
