/**
 * transformers.js, told to load only what our own origin serves. It shares the one copy of ONNX Runtime,
 * whose WASM files `runtime` has already set; otherwise it would fetch them from a CDN.
 */
import { exclusively } from './onnx/runtime';
import { env } from '@huggingface/transformers';
import { Fault } from '../faults';

env.allowRemoteModels = false;
env.allowLocalModels = true;
// The models lie beside the page: a second copy in the Cache API could only be stale.
env.useBrowserCache = false;
env.useWasmCache = false;

/** @param base a repository's absolute address, "https://…/models/shapes/clip/" */
export function fromRepository<T>(base: string, load: (id: string) => Promise<T>): Promise<T> {
  const [, parent, id] = /^(.*\/)([^/]+)\/$/.exec(base) ?? [];
  if (!parent || !id) throw new RangeError(`“${base}” is not the address of a folder`);
  return exclusively(async () => {
    env.localModelPath = parent;
    try {
      return await load(id);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Fault({ kind: 'download', file: base, status: 0, message });
    }
  });
}
