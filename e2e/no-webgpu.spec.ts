/** Browsers that cannot train: the page fails with the cause and what the person can do. */
import { type Page, expect, test } from '@playwright/test';
import { chromium } from 'playwright';
import { launchOptions } from '../scripts/chromium';
import { TrainerPage } from './trainer-page';

async function expectFailure(page: Page, title: string, remedy: string): Promise<void> {
  const trainer = new TrainerPage(page);
  await trainer.expectStatus('failed');
  const alert = page.getByRole('alert').filter({ hasText: title });
  await expect(alert).toBeVisible();
  await expect(alert).toContainText(remedy);
  await expect(trainer.train).toBeDisabled();
}

test('without an adapter it says so and what to turn on', async ({ baseURL }) => {
  const browser = await chromium.launch(launchOptions({ adapter: 'none' }));
  const page = await browser.newPage();
  await page.goto(baseURL ?? '');
  await expectFailure(page, 'No graphics adapter was offered', 'hardware acceleration');
  await browser.close();
});

test('without WebGPU, as over plain http, it says where to open the page', async ({
  page,
  baseURL,
}) => {
  // Browsers hide navigator.gpu from pages and workers of an origin that is not secure.
  const insecure = 'http://esper.test/';
  await page.route(`${insecure}**`, async (route) => {
    const url = route
      .request()
      .url()
      .replace(insecure, baseURL ?? '');
    await route.fulfill({ response: await route.fetch({ url }) });
  });
  await page.goto(insecure);
  await expectFailure(page, 'This browser has no WebGPU', 'https or localhost');
  // What the page reads ahead may still be on its way.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});
