/** A pair of models from folders of this disk, without a hub: it is used, and looks at the kept photos anew. */
import { expect, test } from '@playwright/test';
import { photos } from './pictures';
import { TrainerPage } from './trainer-page';

test('folders of repositories are used without a hub; kept photos are looked at anew and trained on unasked', async ({
  page,
  baseURL,
}) => {
  const { origin } = new URL(baseURL!);
  // Neither the hub nor any other host is there.
  await page.context().route(
    (url) => url.origin !== origin,
    (route) => route.abort(),
  );
  const trainer = new TrainerPage(page);
  await trainer.open({ imagesPerBatch: 4, samplesPerImage: 4, trainingPictures: 64 });
  const progress = page.getByTestId('photos-progress');
  const source = page.getByTestId('photos-source');
  const openPhotos = () => page.getByRole('button', { name: 'Photos', exact: true }).click();

  await test.step('photos are kept, and the bundled world leaves them aside', async () => {
    await openPhotos();
    await page.getByTestId('photos-files').setInputFiles(await photos(page, 0, 20));
    await expect(source).toContainText('trains on generated scenes');
    await expect(progress).toBeHidden({ timeout: 120_000 });
    await page.keyboard.press('Escape');
  });

  await test.step('folders are taken in, and one without a model is told', async () => {
    await page.getByRole('button', { name: 'Models' }).click();
    const stored = page.getByTestId('models-stored').getByRole('listitem');
    await page.getByTestId('models-folder').setInputFiles('e2e/bench');
    await expect(page.getByTestId('models-fault')).toContainText('no config.json');
    for (const [index, folder] of ['gpt2', 'clip'].entries()) {
      await page.getByTestId('models-folder').setInputFiles(`public/models/shapes/${folder}`);
      await expect(stored).toHaveCount(index + 1);
    }
  });

  await test.step('the pair is used', async () => {
    await page.getByText('Another pair, by its names').click();
    await page.getByTestId('models-lm').fill('local/gpt2');
    await page.getByTestId('models-clip').fill('local/clip');
    await page.getByTestId('models-dtype').selectOption('fp32');
    await page.getByTestId('models-look-up').click();
    await page.getByTestId('models-use').click();
    await trainer.opened();
    // The panel of the loading says it too, as long as it is there.
    const footer = page.locator('footer');
    await expect(footer.getByText('local/gpt2 speaks, local/clip judges')).toBeVisible();
  });

  await test.step('it looks at the photos anew, and trains on them unasked', async () => {
    await openPhotos();
    await expect(source).toContainText('trains on these photos', { timeout: 120_000 });
    await expect(progress).toBeHidden({ timeout: 120_000 });
    await expect(page.getByTestId('photos-counts')).not.toContainText('not seen yet');
    await expect(page.getByRole('switch')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await trainer.steps(1);
    await expect(page.getByRole('region', { name: 'Held-out photos' })).toContainText('update 1');
    await expect(trainer.fault).toHaveCount(0);
  });
});
