/** What was dropped or pasted, told apart: repositories of models, pictures to train on, files for the run. */

/** A file with its path below what was dropped, as file-selector gives it. */
export type FileWithPath = File & { readonly path?: string };

export interface Repository {
  name: string;
  /** With their paths in it. */
  files: { path: string; data: File }[];
}

export interface Dropped {
  /** Folders with a config.json. */
  repositories: Repository[];
  /** Zips of repositories. */
  zips: File[];
  /** What lay in other folders. */
  inFolders: File[];
  others: File[];
}

const CONFIG = 'config.json';

export function sortDropped(files: readonly FileWithPath[]): Dropped {
  const dropped: Dropped = { repositories: [], zips: [], inFolders: [], others: [] };
  const folders = new Map<string, Repository>();
  for (const file of files) {
    const steps = (file.path ?? file.name).split('/').filter((step) => step && step !== '.');
    const [top] = steps;
    if (steps.length > 1 && top !== undefined) {
      const folder = folders.get(top) ?? { name: top, files: [] };
      folder.files.push({ path: steps.slice(1).join('/'), data: file });
      folders.set(top, folder);
    } else if (/\.zip$/i.test(file.name)) dropped.zips.push(file);
    else dropped.others.push(file);
  }
  for (const folder of folders.values())
    if (folder.files.some(({ path }) => path === CONFIG)) dropped.repositories.push(folder);
    else dropped.inFolders.push(...folder.files.map(({ data }) => data));
  return dropped;
}
