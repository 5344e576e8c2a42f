/**
 * A table of numbers that keeps its last `capacity` rows. Every row is written twice, `capacity`
 * apart, so that the rows kept are always one contiguous stretch: reading a column copies nothing.
 */
export class Ring<Column extends string> {
  readonly capacity: number;
  readonly #columns: ReadonlyMap<Column, Float64Array>;
  /** Rows ever written since `clear`. */
  #written = 0;

  constructor(columns: readonly Column[], capacity: number) {
    this.capacity = capacity;
    this.#columns = new Map(columns.map((name) => [name, new Float64Array(2 * capacity)]));
  }

  /** Rows kept. */
  get length(): number {
    return Math.min(this.#written, this.capacity);
  }

  append(row: Readonly<Record<Column, number>>): void {
    const at = this.#written % this.capacity;
    for (const [name, values] of this.#columns) {
      values[at] = row[name];
      values[at + this.capacity] = row[name];
    }
    this.#written++;
  }

  clear(): void {
    this.#written = 0;
  }

  /** The kept values of a column, oldest first: a view, valid until the next `append`. */
  column(name: Column): Float64Array {
    const values = this.#columns.get(name);
    if (!values) throw new RangeError(`no column ${name}`);
    const start = this.#written > this.capacity ? this.#written % this.capacity : 0;
    return values.subarray(start, start + this.length);
  }
}
