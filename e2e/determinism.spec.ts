/** The same seed on the same device gives the same run, bit for bit. */
import { expect, test } from '@playwright/test';
import { METRICS, type MetricName } from '../src/worker/protocol';
import { TrainerPage } from './trainer-page';

const SMALL = { imagesPerBatch: 4, samplesPerImage: 4, trainingPictures: 16 };

/** Times and memory differ between runs; everything that is learned must not. */
const LEARNED = METRICS.filter((name) => !name.startsWith('step_ms') && name !== 'gpu_bytes');

async function metricsAfter(
  trainer: TrainerPage,
  updates: number,
): Promise<[MetricName, number][]> {
  await trainer.steps(updates);
  return Promise.all(
    LEARNED.map(async (name): Promise<[MetricName, number]> => [name, await trainer.metric(name)]),
  );
}

test('two runs of one seed agree in every metric', async ({ page }) => {
  const trainer = new TrainerPage(page);
  await trainer.open({ ...SMALL, seed: 7 });
  const first = await metricsAfter(trainer, 2);
  await trainer.resetRun();
  expect(await metricsAfter(trainer, 2)).toEqual(first);
});
