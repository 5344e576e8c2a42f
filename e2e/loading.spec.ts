/** How the page comes up: the first screen waits for no model, and sheets fetch their code when opened. */
import { expect, test } from '@playwright/test';
import { TrainerPage } from './trainer-page';

test('the first screen waits for no worker; a sheet whose code is cut off can be had again', async ({
  page,
}) => {
  // Neither the trainer's worker nor anything that it would fetch ever arrives.
  await page.route(/trainer\.worker|\.wasm$|\/models\//, () => {});
  await page.route(/\/Settings-[^/]*\.js$/, (route) => route.abort());
  const trainer = new TrainerPage(page);
  await page.goto('./');
  await expect(trainer.train).toBeVisible();
  await expect(trainer.status).toHaveText('checking');

  await page.getByRole('button', { name: 'Settings' }).click();
  const sheet = page.getByRole('dialog', { name: 'Settings' });
  await expect(sheet.getByRole('alert')).toContainText('“Settings” could not be loaded');
  await page.unroute(/\/Settings-[^/]*\.js$/);
  await sheet.getByRole('button', { name: 'Try again' }).click();
  await expect(sheet.getByLabel('Seed')).toBeVisible();
  await expect(sheet.getByRole('alert')).toHaveCount(0);

  // The keyboard comes back to where it was.
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Settings' })).toBeFocused();
});
