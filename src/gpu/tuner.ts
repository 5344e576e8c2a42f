/**
 * Picks the fastest of several kernels that compute the same, at the first use of a shape on an adapter, and keeps
 * its choice. The rule that keeps runs repeatable: a candidate is only taken where its result on the trial's numbers
 * has the bits of the default's, so a choice changes how long a run takes and not what it computes. A run may begin
 * before anything was timed, be resumed after it, or lose the kept choices, and still repeats bit for bit.
 */
import type { Gpu } from './device';
import type { Chooser, Trial } from './kernel';
import { timeOnGpu } from './stopwatch';

/** Names of candidates by the key of their shape. */
export type Choices = Readonly<Record<string, string>>;

export interface TunerOptions {
  /** Of earlier sessions on this adapter. */
  kept?: Choices;
  /** Told all choices whenever one is added. */
  keep?: (choices: Choices) => void;
  /** Milliseconds that choosing may take in all; afterwards shapes that are new take their default. */
  budget: number;
}

/** A candidate must be faster than the default by this share: timings scatter. */
const WORTHWHILE = 0.9;
/** Milliseconds that one timing should take, far over the clock's .1. */
const LONG_ENOUGH = 2;
const MAX_ROUNDS = 32;

export class Tuner implements Chooser {
  readonly #gpu: Gpu;
  readonly #options: TunerOptions;
  readonly #choices: Record<string, string>;
  readonly #running = new Map<string, Promise<string>>();
  #last: Promise<unknown> = Promise.resolve();
  #spent = 0;

  constructor(gpu: Gpu, options: TunerOptions) {
    this.#gpu = gpu;
    this.#options = options;
    this.#choices = { ...options.kept };
  }

  get choices(): Choices {
    return this.#choices;
  }

  /** Timings wait for each other; a key that is being timed is not timed twice. */
  choose(key: string, names: readonly [string, ...string[]], trial: () => Trial): Promise<string> {
    const kept = this.#choices[key];
    if (kept !== undefined && names.includes(kept)) return Promise.resolve(kept);
    let running = this.#running.get(key);
    if (!running) {
      running = this.#last.then(() => this.#time(key, names, trial));
      this.#running.set(key, running);
      this.#last = running.catch(() => undefined);
    }
    return running;
  }

  async #time(
    key: string,
    names: readonly [string, ...string[]],
    begin: () => Trial,
  ): Promise<string> {
    const [first, ...others] = names;
    if (this.#isSpent()) return first;
    const started = performance.now();
    const trial = begin();
    try {
      const { bits, ms: standard } = await this.#measure(trial, first);
      let best = { name: first, ms: standard * WORTHWHILE };
      // What was cut short is timed again by the next session, unless that had no more time either.
      let isToKeep = true;
      for (const name of others) {
        if (this.#isSpent(performance.now() - started)) {
          isToKeep = this.#spent === 0;
          break;
        }
        // A kernel that this driver does not compile is no choice; the default has to.
        const found = await this.#measure(trial, name).catch(() => undefined);
        if (found && found.ms < best.ms && sameBits(found.bits, bits))
          best = { name, ms: found.ms };
      }
      if (isToKeep) {
        this.#choices[key] = best.name;
        this.#options.keep?.(this.#choices);
      }
      return best.name;
    } finally {
      trial.destroy();
      this.#spent += performance.now() - started;
    }
  }

  #isSpent(more = 0): boolean {
    return this.#spent + more >= this.#options.budget;
  }

  async #measure(trial: Trial, name: string): Promise<{ bits: Uint32Array; ms: number }> {
    const step = await trial.prepare(name);
    try {
      const once = await timeOnGpu(this.#gpu, [step]); // warms up too
      const times = Math.min(
        MAX_ROUNDS,
        Math.max(1, Math.ceil(LONG_ENOUGH / Math.max(once, 1e-3))),
      );
      const timed = await timeOnGpu(this.#gpu, [step], times);
      return { bits: await trial.bits(), ms: timed / times };
    } finally {
      step.destroy();
    }
  }
}

const sameBits = (a: Uint32Array, b: Uint32Array): boolean =>
  a.length === b.length && a.every((word, i) => word === b[i]);
