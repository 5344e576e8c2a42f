/** The same seed on the same device gives the same run, and the GPU going away in mid-run loses nothing of it. */
import { expect, test } from '@playwright/test';
import { METRICS, type MetricName } from '../src/worker/protocol';
import { TrainerPage } from './trainer-page';

const SMALL = { imagesPerBatch: 4, samplesPerImage: 4, trainingPictures: 16 };
const UPDATES = 2;

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

test('two runs of one seed agree in every metric; a lost GPU is told, and a retry resumes', async ({
  page,
  browser,
}) => {
  const trainer = new TrainerPage(page);
  await trainer.open({ ...SMALL, seed: 7 });

  await test.step('two runs of one seed agree in every metric', async () => {
    const first = await metricsAfter(trainer, UPDATES);
    await trainer.resetRun();
    expect(await metricsAfter(trainer, UPDATES)).toEqual(first);
  });

  await test.step('a lost GPU is told, and a retry resumes from the checkpoint', async () => {
    const devtools = await browser.newBrowserCDPSession();
    await devtools.send('Browser.crashGpuProcess');
    await trainer.expectStatus('failed');
    const alert = page.getByRole('alert').filter({ hasText: 'The GPU was lost' });
    await expect(alert).toContainText('training resumes from the last checkpoint');

    await page.getByRole('button', { name: 'Retry' }).click();
    await trainer.opened();
    expect(await trainer.updates()).toBe(UPDATES);
  });
});
