/**
 * The files of a zip on the person's disk. Its directory is read first, then each entry by itself in
 * chunks: an archive of gigabytes passes through a few megabytes of memory. The browser's own
 * DecompressionStream inflates; zip.js does the rest.
 */
import {
  BlobReader,
  configure,
  ERR_ENCRYPTED,
  type FileEntry,
  ZipReader,
} from '@zip.js/zip.js/lib/zip-core-native.js';
import { Fault } from '../../faults';
import type { OwnFile } from './own-files';

// This already is a worker.
configure({ useWebWorkers: false });

const CONFIG = 'config.json';

/**
 * The entries beside the config.json that lies highest, by their paths from there: most archives hold one
 * folder with everything in it.
 * @throws Fault bad-file where it is no zip
 */
export async function filesOfZip(name: string, zip: Blob): Promise<OwnFile[]> {
  const entries = await read(name, () => new ZipReader(new BlobReader(zip)).getEntries());
  const files = entries.filter((entry): entry is FileEntry => !entry.directory);
  const root = rootOf(files.map(({ filename }) => filename));
  return files
    .filter(({ filename }) => filename.startsWith(root))
    .map((entry) => ({
      path: entry.filename.slice(root.length),
      bytes: entry.uncompressedSize,
      pipe: (write) =>
        read(name, () => entry.getData(new WritableStream({ write }), { checkSignature: true })),
    }));
}

/** "" or "some/folder/" */
function rootOf(paths: readonly string[]): string {
  const folders = paths
    .filter((path) => path === CONFIG || path.endsWith(`/${CONFIG}`))
    .map((path) => path.slice(0, -CONFIG.length));
  return folders.reduce<string | undefined>(shorter, undefined) ?? '';
}

const shorter = (best: string | undefined, folder: string): string =>
  best === undefined || folder.length < best.length ? folder : best;

/** zip.js tells by messages of its errors what is wrong. */
async function read<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault || !(error instanceof Error)) throw error;
    const problem =
      error.message === ERR_ENCRYPTED
        ? 'The zip is encrypted: unpack it with its password and add the folder.'
        : `The zip cannot be read: ${error.message}.`;
    throw new Fault({ kind: 'bad-file', file: name, problem });
  }
}
