/**
 * Work in memory awaits nothing that comes from outside, so that a worker would hear of nothing until all of it is
 * done: neither messages, nor what the GPU has finished meanwhile.
 */
const MOST_MS = 30;

export class Breaks {
  #last = performance.now();

  /** Lets what has come in be handled, where the last break is longer ago than `MOST_MS`. */
  async take(): Promise<void> {
    if (performance.now() - this.#last < MOST_MS) return;
    // A timer would wait 4 ms.
    const { port1, port2 } = new MessageChannel();
    await new Promise((resolve) => {
      port1.addEventListener('message', resolve, { once: true });
      port1.start();
      port2.postMessage(undefined);
    });
    port1.close();
    this.#last = performance.now();
  }
}
