/** Models from a hub: the double of it serves the bundled world under other names, so that they run here. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { expect, test } from '@playwright/test';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { HubDouble } from '../scripts/hub-double';
import { CLIP, LM, lookUp, openWithoutTrainer, serveBundled } from './hub';
import { transfer } from './pictures';
import { TrainerPage, type UploadFile } from './trainer-page';

/** What these tests are about does not depend on it, and what it takes does. */
const SMALL_RUN = { imagesPerBatch: 4, samplesPerImage: 4, trainingPictures: 64 };
const hub = new HubDouble();
let address: string;

test.beforeAll(async () => {
  address = await hub.start();
});
test.afterAll(() => hub.stop());
test.beforeEach(() => {
  hub.clear();
  serveBundled(hub);
});

test('a pair is downloaded with cuts, used, and used again without a network', async ({
  page,
  context,
}) => {
  const trainer = new TrainerPage(page);
  await trainer.open(SMALL_RUN);
  await lookUp(page, address);
  const download = page.getByTestId('models-download');
  await expect(download).toHaveText(/Download 2\.7\d MB/);
  const memory = page.getByTestId('models-memory');
  await expect(memory).toContainText(/548 kB of weights in f32, .* This GPU gave that much/);
  await page.getByTestId('models-other-dtype').click();
  await expect(memory).toContainText(/\d+ kB of weights in f16/);
  hub.misbehave({ kind: 'cut', after: 100 }, { kind: 'status', status: 503 });
  await download.click();
  await expect(page.getByTestId('models-progress')).toHaveText(/All of 2\.7\d MB is on this disk/);
  expect(hub.requests.some(({ range }) => range === 'bytes=100-')).toBe(true);
  await page.getByTestId('models-use').click();
  await trainer.opened();
  await expect(page.locator('footer').getByText(`${LM} speaks, ${CLIP} judges`)).toBeVisible();
  await trainer.step.click();
  await trainer.expectUpdates(1);
  await trainer.expectStatus('paused');

  const exported = await trainer.exportFile();

  await test.step('the link alone brings the pair and its run back, the hub being away', async () => {
    await context.route(`${address}/**`, (route) => route.abort());
    expect(page.url()).toContain(`lm=${encodeURIComponent(LM)}`);
    expect(page.url()).toContain('lmDType=f16');
    await trainer.reload();
    expect(await trainer.updates()).toBe(1);
  });

  await test.step('stored models are listed and deleted', async () => {
    await page.getByRole('button', { name: 'Models' }).click();
    const stored = page.getByTestId('models-stored');
    const repositories = stored.locator('> li');
    await expect(repositories).toHaveCount(2);
    await stored
      .getByText(/in \d files$/)
      .last()
      .click();
    await expect(
      stored.getByRole('listitem').filter({ hasText: /^model\.safetensors/ }),
    ).toHaveText(['model.safetensors550 kB', /^model\.safetensors\.f16\d+ kB$/]);
    await expect(stored.getByRole('button', { name: `Delete ${LM}` })).toBeDisabled();
    await page.getByRole('button', { name: /Bundled world of shapes/ }).click();
    await expect(stored.getByRole('button', { name: `Delete ${LM}` })).toBeEnabled();
    await stored.getByRole('button', { name: `Delete ${LM}` }).click();
    await expect(repositories).toHaveCount(1);
  });

  await test.step('its projector is refused by another pair', async () => {
    await page.keyboard.press('Escape');
    await trainer.opened();
    await trainer.importFile(exported);
    await expect(trainer.fault).toContainText('belongs to other models');
    await expect(trainer.fault).toContainText(`lm is ${LM} in the file, shapes/gpt2 on this page`);
    await expect(trainer.fault).toContainText('Nothing was changed');
  });
});

test('what goes wrong with a hub is said in words, and the run goes on', async ({ page }) => {
  const trainer = new TrainerPage(page);
  await trainer.open(SMALL_RUN);
  const fault = page.getByTestId('models-fault');

  await lookUp(page, address, 'someone/nothing');
  await expect(fault).toContainText('Check the name of the repository');

  hub.token = 'hf_secret';
  await page.getByTestId('models-lm').fill(LM);
  await page.getByTestId('models-look-up').click();
  await expect(fault).toContainText('give an access token');
  await page.getByTestId('models-token').fill('hf_secret');
  await page.getByTestId('models-look-up').click();
  await expect(page.getByTestId('models-download')).toBeVisible();

  await test.step('bytes that are not those of the listing', async () => {
    hub.misbehave({ kind: 'other', bytes: new Uint8Array(397) });
    await page.getByTestId('models-download').click();
    await expect(fault).toContainText('arrived damaged');
  });

  await test.step('cancelled and gone on with', async () => {
    hub.misbehave({ kind: 'status', status: 429, retryAfter: 30 });
    await page.getByTestId('models-download').click();
    await page.getByTestId('models-cancel').click();
    await expect(page.getByTestId('models-download')).toBeVisible();
    await page.getByTestId('models-download').click();
    await expect(page.getByTestId('models-use')).toBeVisible();
  });
  expect(await trainer.status.textContent()).toBe('ready');
});

/** A zip as a person would make it: the folder itself lies in it. */
async function zipOf(folder: string): Promise<UploadFile> {
  const writer = new ZipWriter(new Uint8ArrayWriter());
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    await writer.add(relative(dirname(folder), path), new Uint8ArrayReader(readFileSync(path)));
  }
  const buffer = Buffer.from(await writer.close());
  return { name: `${basename(folder)}.zip`, mimeType: 'application/zip', buffer };
}

// That what is stored is used is shown of folders, in own-pair.spec.ts.
test('zips of repositories, picked or dropped, do as well', async ({ page, context }) => {
  const trainer = new TrainerPage(page);
  await openWithoutTrainer(page);
  await context.route(`${address}/**`, (route) => route.abort());
  const fault = page.getByTestId('models-fault');
  const stored = page.getByTestId('models-stored');
  const gpt2 = await zipOf('public/models/shapes/gpt2');

  await test.step('one that is cut off is told by its name', async () => {
    await page.getByRole('button', { name: 'Models' }).click();
    await page
      .getByTestId('models-zip')
      .setInputFiles({ ...gpt2, buffer: gpt2.buffer.subarray(0, 100_000) });
    await expect(fault).toContainText('gpt2.zip cannot be used');
    await expect(fault).toContainText('The zip cannot be read');
    await expect(stored).toHaveCount(0);
  });

  await test.step('picked', async () => {
    await page.getByTestId('models-zip').setInputFiles(gpt2);
    await expect(stored.getByRole('listitem')).toHaveCount(1);
    await expect(fault).toHaveCount(0);
  });

  await test.step('dropped on the page, which shows where it went', async () => {
    await page.keyboard.press('Escape');
    await transfer(page, 'drop', await zipOf('public/models/shapes/clip'));
    await expect(stored.getByRole('listitem')).toHaveCount(2);
    await expect(trainer.fault).toHaveCount(0);
  });
});
