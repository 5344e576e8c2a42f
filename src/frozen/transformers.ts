/**
 * transformers.js, told to load only what our own origin serves or the disk holds. It shares the one copy of ONNX Runtime,
 * whose WASM files `runtime` has already set; otherwise it would fetch them from a CDN.
 */
import { exclusively } from './onnx/runtime';
import { env } from '@huggingface/transformers';
import { Fault } from '../faults';
import { fetchModelFile } from './hub/stored-fetch';

env.allowRemoteModels = false;
env.allowLocalModels = true;
// The models lie beside the page: a second copy in the Cache API could only be stale.
env.useBrowserCache = false;
env.useWasmCache = false;
env.fetch = fetchModelFile;

/**
 * Calls `load` with what transformers.js takes for the repository.
 * @param base its absolute address on our origin: "https://…/models/shapes/clip/"
 * @throws Fault download
 */
export async function fromRepository<T>(
  base: string,
  load: (path: string) => Promise<T>,
): Promise<T> {
  // A path that begins with a slash is fetched as it is; an address with its origin would count as
  // remote, and a hub id is looked up under names of its own.
  const path = new URL(base).pathname.replace(/\/$/, '');
  try {
    return await load(path);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Fault({ kind: 'download', file: base, status: 0, message });
  }
}

/** The same where `load` makes a session of ONNX Runtime's. */
export const sessionOf = <T>(base: string, load: (path: string) => Promise<T>): Promise<T> =>
  exclusively(() => fromRepository(base, load));
