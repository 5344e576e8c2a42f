import { expect, it } from 'vitest';
import { Breaks } from './breaks';

/** Milliseconds until a message that came at the beginning was handled, of 90 ms of work in pieces. */
async function heardAfter(pause: () => Promise<void>): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  const started = performance.now();
  let heard = Infinity;
  port1.addEventListener('message', () => (heard = performance.now() - started), { once: true });
  port1.start();
  port2.postMessage(undefined);
  while (performance.now() - started < 90) {
    const piece = performance.now();
    while (performance.now() - piece < 5);
    await pause();
  }
  const found = heard;
  port1.close();
  return found;
}

it('lets a message through in the midst of work', async () => {
  const breaks = new Breaks();
  expect(await heardAfter(() => breaks.take())).toBeLessThan(Infinity);
  expect(await heardAfter(async () => {})).toBe(Infinity);
});
