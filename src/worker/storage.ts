/**
 * The last checkpoint of this browser, in IndexedDB. One transaction a write: a checkpoint is whole or
 * it is the one before.
 */
import { del, get, set } from 'idb-keyval';
import type { RunState } from '../esper/run-state';
import { Fault } from '../faults';

const KEY = 'esper/shapes/checkpoint';

/** The stored run, or undefined where there is none. */
export async function loadCheckpoint(): Promise<RunState | undefined> {
  try {
    return await get<RunState>(KEY);
  } catch (error) {
    throw new Fault({ kind: 'storage', message: String(error) });
  }
}

export async function storeCheckpoint(state: RunState): Promise<void> {
  try {
    await set(KEY, state);
  } catch (error) {
    throw new Fault({ kind: 'storage', message: String(error) });
  }
}

export async function deleteCheckpoint(): Promise<void> {
  try {
    await del(KEY);
  } catch (error) {
    throw new Fault({ kind: 'storage', message: String(error) });
  }
}
