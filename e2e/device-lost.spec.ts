/** The GPU going away in the middle of a run: said in words, and nothing is lost. */
import { expect, test } from '@playwright/test';
import { TrainerPage } from './trainer-page';

test('a lost GPU is told, and a retry resumes from the checkpoint', async ({ page, browser }) => {
  test.setTimeout(120_000);
  const trainer = new TrainerPage(page);
  await trainer.open();
  await trainer.step.click();
  await expect.poll(() => trainer.updates(), { timeout: 60_000 }).toBe(1);
  await trainer.expectStatus('paused');

  const devtools = await browser.newBrowserCDPSession();
  await devtools.send('Browser.crashGpuProcess');
  await trainer.expectStatus('failed');
  const alert = page.getByRole('alert').filter({ hasText: 'The GPU was lost' });
  await expect(alert).toContainText('training resumes from the last checkpoint');

  await page.getByRole('button', { name: 'Retry' }).click();
  await trainer.opened();
  expect(await trainer.updates()).toBe(1);
});
