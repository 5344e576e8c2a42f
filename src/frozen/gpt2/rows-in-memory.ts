/**
 * Keys and values of sequences in memory. Positions come first, [T, R, D] of each layer's keys and of its values, so
 * that new ones are appended in one piece. The next sequences may go on from any of those that there are.
 * Letters: T positions read, R sequences, D width.
 */
export class RowsInMemory {
  readonly #D: number;
  readonly #most: number;
  readonly #kept: Map<string, Float32Array>;
  #R: number;
  #T = 0;

  /**
   * @param names of what is kept
   * @param most positions that there is room for
   */
  constructor(names: readonly string[], { R, D, most }: { R: number; D: number; most: number }) {
    this.#D = D;
    this.#most = most;
    this.#R = R;
    this.#kept = new Map(names.map((name) => [name, new Float32Array(most * R * D)]));
  }

  get length(): number {
    return this.#T;
  }

  /** [T, R, D] by name: what is there, not a copy. */
  get past(): [name: string, values: Float32Array][] {
    return [...this.#kept].map(([name, all]) => [
      name,
      all.subarray(0, this.#T * this.#R * this.#D),
    ]);
  }

  /** @param fresh [N, R, D] of each name */
  append(N: number, fresh: (name: string) => Float32Array): void {
    for (const [name, all] of this.#kept) all.set(fresh(name), this.#T * this.#R * this.#D);
    this.#T += N;
  }

  /** Sequence r is from now on what `parents[r]` was. */
  choose(parents: readonly number[]): void {
    const [T, R, D] = [this.#T, this.#R, this.#D];
    if (parents.length === R && parents.every((parent, r) => parent === r)) return;
    this.#R = parents.length;
    for (const [name, all] of this.#kept) {
      const chosen = new Float32Array(this.#most * parents.length * D);
      let to = 0;
      // Element by element: rows are short, and a view of each would take longer.
      for (let t = 0; t < T; t++)
        for (const parent of parents) {
          const from = (t * R + parent) * D;
          for (let i = 0; i < D; i++) chosen[to++] = all[from + i]!;
        }
      this.#kept.set(name, chosen);
    }
  }
}
