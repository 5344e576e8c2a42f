/** Which kernels were fastest on this adapter, kept in IndexedDB from one opening of the page to the next. */
import { get, set } from 'idb-keyval';
import type { Gpu } from '../gpu/device';
import { type Choices, Tuner } from '../gpu/tuner';

/**
 * Milliseconds of an opening that timing kernels may take. On a software adapter none: there compiling one kernel
 * takes longer than it saves, and the defaults were measured on it (`npm run bench -- kernels`).
 */
const BUDGET = { gpu: 400, software: 0 };

/** A browser without storage tunes at every opening. */
export async function openTuner(gpu: Gpu): Promise<Tuner> {
  const key = `esper/kernels/${gpu.name}`;
  const kept = await get<Choices>(key).catch(() => undefined);
  return new Tuner(gpu, {
    ...(kept && { kept }),
    keep: (choices) => void set(key, choices).catch(() => undefined),
    budget: gpu.isSoftware ? BUDGET.software : BUDGET.gpu,
  });
}
