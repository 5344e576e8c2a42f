/**
 * The last checkpoint of each pair of models, in IndexedDB. One transaction a write: a checkpoint is whole or
 * it is the one before.
 */
import { del, get, set } from 'idb-keyval';
import { DEFAULT_CONFIG } from '../esper/config';
import type { RunState } from '../esper/run-state';
import { Fault } from '../faults';
import type { Pair } from '../esper/pair';

const keyOf = ({ lm, clip }: Pair) => `esper/${lm}+${clip}/checkpoint`;

/**
 * The stored run, or undefined where there is none. Settings that an earlier version did not have are at
 * their defaults, which is what it did.
 */
export async function loadCheckpoint(pair: Pair): Promise<RunState | undefined> {
  try {
    const run = await get<RunState>(keyOf(pair));
    return run && { ...run, config: { ...DEFAULT_CONFIG, ...run.config } };
  } catch (error) {
    throw new Fault({ kind: 'storage', message: String(error) });
  }
}

export async function storeCheckpoint(pair: Pair, state: RunState): Promise<void> {
  try {
    await set(keyOf(pair), state);
  } catch (error) {
    throw new Fault({ kind: 'storage', message: String(error) });
  }
}

export async function deleteCheckpoint(pair: Pair): Promise<void> {
  try {
    await del(keyOf(pair));
  } catch (error) {
    throw new Fault({ kind: 'storage', message: String(error) });
  }
}
