/** What was made for a key and is made again only where it was not asked for long: the least recently used goes. */
export class Remembered<T> {
  readonly #most: number;
  readonly #free: (value: T) => void | Promise<void>;
  /** The least recently used first, as a Map keeps the order of insertion. */
  readonly #made = new Map<string, Promise<T>>();

  /**
   * @param most that are kept; what is in use must be among the last `most` that were asked for
   * @param free gives back what a value holds
   */
  constructor(most: number, free: (value: T) => void | Promise<void>) {
    this.#most = most;
    this.#free = free;
  }

  /** What was made for `key`, or is made now; what failed is tried again. */
  async of(key: string, make: () => Promise<T>): Promise<T> {
    const value = this.#made.get(key) ?? make();
    this.#made.delete(key);
    this.#made.set(key, value);
    try {
      await value;
    } catch (error) {
      this.#made.delete(key);
      throw error;
    }
    for (const [oldest, old] of this.#made) {
      if (this.#made.size <= this.#most) break;
      this.#made.delete(oldest);
      await this.#free(await old);
    }
    return value;
  }

  async clear(): Promise<void> {
    const values = [...this.#made.values()];
    this.#made.clear();
    for (const value of values) await this.#free(await value);
  }
}
