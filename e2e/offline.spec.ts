/** The page needs no network: whatever it loads comes from where it came from. */
import { expect, test } from '@playwright/test';
import { picture } from './pictures';
import { TrainerPage } from './trainer-page';

test('nothing is asked of another origin', async ({ page, context, baseURL }) => {
  const strangers: string[] = [];
  const origin = new URL(baseURL ?? '').origin;
  // Requests of workers are reported here too.
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin)
      strangers.push(request.url());
  });
  const trainer = new TrainerPage(page);
  await trainer.open({ imagesPerBatch: 4, samplesPerImage: 4, trainingPictures: 16 });
  await trainer.give(await picture(page, { color: 'red', shape: 'square', radius: 40 }));
  await trainer.steps(1);
  await trainer.exportFile();
  expect(strangers).toEqual([]);
});
