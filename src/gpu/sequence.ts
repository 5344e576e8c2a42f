/** Several dispatches as one step. */
import type { Commands, Dispatch, Prepared } from './kernel';
import type { Tensor } from './tensor';

/** Dispatches that belong together, with the scratch that only they use. */
export class Sequence implements Prepared {
  readonly label: string;
  readonly #dispatches: readonly Dispatch[];
  readonly #scratch: readonly Tensor[];

  constructor(dispatches: readonly Dispatch[], scratch: readonly Tensor[]) {
    this.label = dispatches.map(({ label }) => label).join(', ');
    this.#dispatches = dispatches;
    this.#scratch = scratch;
  }

  encode(commands: Commands): void {
    for (const dispatch of this.#dispatches) dispatch.encode(commands);
  }

  destroy(): void {
    for (const part of [...this.#dispatches, ...this.#scratch]) part.destroy();
  }
}
