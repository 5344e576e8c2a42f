/** Every way of giving pictures: several at once, pasted, dropped; PNG, JPEG and WebP. */
import { expect, test } from '@playwright/test';
import { picture, transfer } from './pictures';
import { TrainerPage } from './trainer-page';

test('captions pictures however they are given', async ({ page }) => {
  const trainer = new TrainerPage(page);
  await trainer.open();

  await test.step('several at once, as PNG, JPEG and WebP', async () => {
    await trainer.give(
      await picture(page, { color: 'red', shape: 'circle', radius: 40 }),
      await picture(page, { color: 'green', shape: 'square', radius: 20 }, 'image/jpeg'),
      await picture(page, { color: 'blue', shape: 'triangle', radius: 30 }, 'image/webp'),
    );
    await expect(trainer.given).toHaveCount(3);
  });

  await test.step('pasted', async () => {
    const pasted = await picture(page, { color: 'purple', shape: 'square', radius: 40 });
    await transfer(page, 'paste', pasted);
    await trainer.expectCaptioned(pasted.name);
  });

  await test.step('dropped', async () => {
    const dropped = await picture(page, { color: 'orange', shape: 'circle', radius: 20 });
    await transfer(page, 'drop', dropped);
    await trainer.expectCaptioned(dropped.name);
  });

  await test.step('picked from the samples', async () => {
    await page.getByRole('tabpanel', { name: 'Samples' }).getByRole('button').first().click();
    await expect(trainer.given).toHaveCount(6);
  });

  await test.step('drawn on the board', async () => {
    await page.getByRole('tab', { name: 'Draw' }).click();
    await page.getByRole('radio', { name: 'Stamp: circle' }).click();
    await page.getByRole('button', { name: /^Drawing board/ }).click();
    await page.getByRole('button', { name: 'Caption this' }).click();
    await trainer.expectCaptioned('Drawing');
  });

  await expect(trainer.fault).toHaveCount(0);
});
