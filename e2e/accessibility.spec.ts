/** For everyone: no axe finding in light and dark, no sideways scrolling on a phone, all by keyboard. */
import { expect, test } from '@playwright/test';
import { axeFindings } from './axe';
import { TrainerPage } from './trainer-page';

test('no accessibility faults, no sideways scrolling on a phone, everything by keyboard', async ({
  page,
}) => {
  const trainer = new TrainerPage(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await trainer.open({ imagesPerBatch: 4, samplesPerImage: 4, trainingPictures: 16 });
  const size = page.viewportSize();

  await test.step('the first screen has no accessibility faults', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFindings(page), colorScheme).toEqual([]);
    }
  });

  await test.step('no phone need scroll sideways', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    // Charts are drawn anew in the frames after.
    const overflow = () =>
      page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
    await expect.poll(overflow).toBe(0);
    await expect(trainer.train).toBeInViewport();
    expect(await axeFindings(page)).toEqual([]);
    await page.setViewportSize(size!);
  });

  await test.step('everything is within reach of the keyboard', async () => {
    await page.keyboard.press('s');
    await trainer.expectUpdates(1);
    await trainer.expectStatus('paused');

    await page.keyboard.press('Space');
    await trainer.expectStatus('training');
    await page.keyboard.press('Space');
    await trainer.expectStatus('paused');

    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});
