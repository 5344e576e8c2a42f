/** How every call across a worker's border is answered: faults travel as data. */
import type { FaultCause } from '../faults';

export type Result<T> = { ok: true; value: T } | { ok: false; fault: FaultCause };
