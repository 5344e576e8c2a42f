import { expect, it } from 'vitest';
import { cdp } from 'vitest/browser';
import { normals, withRunner } from '../gpu/testing/harness';
import { parseConfig } from './config';
import { SMALL_E, smallNetworks } from './testing/small-networks';
import { SMALL_RUN } from './testing/small-run';
import { Trainer } from './trainer';

const kit = withRunner();

/** Bytes of the page's heap that can still be reached: other files' garbage lies there too. */
async function retained(): Promise<number> {
  await cdp().send('HeapProfiler.collectGarbage');
  return (await cdp().send('Runtime.getHeapUsage')).usedSize;
}

it('memory stays flat over 100 updates: no buffer is made, and the heap does not grow', async () => {
  const { runner } = kit;
  // One optimiser step an update: what an update makes is seen all the same.
  const config = parseConfig({ ...SMALL_RUN, epochs: 1, minibatches: 1 });
  const trainer = await Trainer.create(await smallNetworks(runner), config);
  const pictures = normals(9 * SMALL_E, 9, 3);
  trainer.setPictures(pictures, 0);
  const features = pictures.subarray(0, 3 * SMALL_E);
  for (let i = 0; i < 20; i++) await trainer.iterate();
  await trainer.caption(features);
  const before = runner.gpu.usage;
  const heapBefore = await retained();
  for (let i = 0; i < 100; i++) {
    await trainer.iterate();
    if (i % 50 === 0) await trainer.caption(features);
  }
  expect(runner.gpu.usage).toEqual(before);
  expect((await retained()) - heapBefore).toBeLessThan(1e6);
  await trainer.destroy();
});
