/** Training on photos: many at once and a whole folder, what is left out, undo, and all of it after a reload. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Page, expect, test } from '@playwright/test';
import { axeFindings } from './axe';
import { photos, transfer } from './pictures';
import { TrainerPage } from './trainer-page';

/** Loses every original, so that no photo could be looked at again. */
const loseOriginals = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('esper-photos');
        opening.addEventListener('error', () => reject(opening.error));
        opening.addEventListener('success', () => {
          const store = opening.result.transaction('photos', 'readwrite').objectStore('photos');
          const range = IDBKeyRange.bound(['original'], ['original', []]);
          const count = store.count(range);
          store.delete(range);
          store.transaction.addEventListener('complete', () => {
            opening.result.close();
            resolve(count.result);
          });
        });
      }),
  );

test('trains on photos, of which some are held out, and knows them after a reload', async ({
  page,
}, testInfo) => {
  const trainer = new TrainerPage(page);
  await trainer.open({ imagesPerBatch: 4, samplesPerImage: 4, trainingPictures: 64 });
  const open = () => page.getByRole('button', { name: 'Photos', exact: true }).click();
  const counts = page.getByTestId('photos-counts');
  const progress = page.getByTestId('photos-progress');
  const cells = page.getByTestId('photo');
  await open();
  await expect(page.getByText('No photos yet.')).toBeVisible();

  const files = await photos(page, 0, 45);
  await test.step('many files, with copies and broken ones among them', async () => {
    const copies = [3, 9, 30].map((i) => ({ ...files[i]!, name: `copy-of-${i}.jpg` }));
    const broken = ['broken.jpg', 'broken.png'].map((name) => ({
      name,
      mimeType: 'image/jpeg',
      buffer: Buffer.from('not a picture'),
    }));
    await page.getByTestId('photos-files').setInputFiles([...files, ...copies, ...broken]);
    await expect(progress).toContainText('of 50');
    await expect(progress).toBeHidden({ timeout: 120_000 });
    await expect(page.getByTestId('photos-duplicates')).toContainText('3 files skipped');
    const failed = page.getByTestId('photos-failed');
    await expect(failed).toContainText('2 files skipped');
    await failed.locator('summary').click();
    await expect(failed).toContainText('broken.png');
    await expect(failed).toContainText('could not be decoded');
    await expect(counts).toContainText(/[1-9]\d* to train on, [1-9]\d* held out/);
  });

  await test.step('a folder', async () => {
    const folder = testInfo.outputPath('holidays');
    await mkdir(join(folder, 'beach'), { recursive: true });
    const [one, ...more] = await photos(page, 45, 15);
    await writeFile(join(folder, one!.name), one!.buffer);
    for (const { name, buffer } of more) await writeFile(join(folder, 'beach', name), buffer);
    await page.getByTestId('photos-folder').setInputFiles(folder);
    await expect(progress).toContainText('of 15');
    await expect(progress).toBeHidden({ timeout: 120_000 });
  });

  await test.step('dropped while the sheet is open, a picture that is there already', async () => {
    await transfer(page, 'drop', { ...files[0]!, name: 'dropped.jpg' });
    await expect(page.getByTestId('photos-duplicates')).toContainText('1 file skipped');
    await expect(progress).toBeHidden();
  });

  const text = (await counts.textContent())!;
  const [training, heldOut] = [...text.matchAll(/\d+/g)].map(Number);
  expect(training! + heldOut!).toBe(60);
  expect(await axeFindings(page)).toEqual([]);

  await test.step('the grid holds only what is in sight, and is gone through by keyboard', async () => {
    const shown = await cells.count();
    expect(shown).toBeGreaterThan(4);
    expect(shown).toBeLessThan(60);
    await page.getByTestId('photos-grid').getByRole('button').first().focus();
    await page.keyboard.press('End');
    await expect(page.getByRole('button', { name: /^Remove photo-/ }).last()).toBeFocused();
    await page.keyboard.press('Home');
    await expect(page.getByRole('button', { name: 'Remove photo-0.jpg' })).toBeFocused();
  });

  await test.step('a removal is taken back, of one and of all', async () => {
    await page.keyboard.press('Delete');
    await expect(page.getByRole('button', { name: 'Remove photo-0.jpg' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Remove photo-1.jpg' })).toBeFocused();
    await expect(page.getByText('Removed 1 photo.')).toBeVisible();
    await page.getByTestId('photos-undo').click();
    await expect(counts).toHaveText(text);

    await page.getByTestId('photos-remove-all').click();
    await expect(page.getByText('Removed 60 photos.')).toBeVisible();
    await expect(page.getByText('No photos yet.')).toBeVisible();
    await page.getByTestId('photos-undo').click();
    await expect(counts).toHaveText(text);
  });

  await test.step('the bundled world trains on them when told to', async () => {
    const source = page.getByTestId('photos-source');
    await expect(source).toContainText('trains on generated scenes');
    await page.getByRole('switch', { name: 'Train on my photos' }).click();
    await expect(source).toContainText('trains on these photos');
    await page.keyboard.press('Escape');
    await expect(trainer.rows.first()).toBeVisible();
    // None of them was taken for a picture to be captioned.
    await expect(trainer.given).toHaveCount(0);
    await trainer.steps(1);
    const card = page.getByRole('region', { name: 'Held-out photos' });
    await expect(card).toContainText(`update 1, ${heldOut} photos`);
    await expect(card.getByTestId('evaluation-cosine')).toHaveText(/^-?0\.\d{3}$/);
    await expect(page.getByTestId('evaluation-colour')).toHaveCount(0);
  });

  await test.step('after a reload they are there, and seen without their originals', async () => {
    expect(await loseOriginals(page)).toBe(60);
    await trainer.reload();
    await open();
    await expect(counts).toHaveText(text);
    await expect(page.getByTestId('photos-source')).toContainText('trains on these photos');
    await expect(cells.first().locator('img')).toHaveJSProperty('complete', true);
    await page.keyboard.press('Escape');
    await trainer.steps(1);
    await expect(page.getByTestId('evaluation-update')).toHaveText('2');
    await expect(trainer.fault).toHaveCount(0);
  });
});
