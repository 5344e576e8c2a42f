/** One piece of work after another, each answered with its value or its fault. */
import { toFaultCause } from '../faults';
import type { Result } from './protocol';

export async function answer<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, fault: toFaultCause(error) };
  }
}

export class WorkQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` after everything that was asked for before it. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  answer<T>(work: () => Promise<T>): Promise<Result<T>> {
    return answer(() => this.run(work));
  }
}
