/**
 * The update that the GPU may still be at while the next iteration begins. What came of it is known late:
 * whoever needs to know waits here.
 */
export class LastUpdate {
  #coming: Promise<void> | undefined;

  /** When it was over, by performance.now(). */
  overAt = 0;

  /** @param coming ends when the update's report was told, or fails as the update did */
  begin(coming: Promise<void>): void {
    const over = () => (this.overAt = performance.now());
    this.#coming = coming.finally(over);
    this.#coming.catch(() => {}); // `settle` throws it
  }

  /** Waits, and throws what the update failed of, once. */
  async settle(): Promise<void> {
    const coming = this.#coming;
    this.#coming = undefined;
    await coming;
  }

  /** Waits until it is over, however it ended; a failure stays for `settle`. */
  async over(): Promise<void> {
    await this.#coming?.catch(() => {});
  }
}
