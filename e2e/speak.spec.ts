/** The Speak sheet on the true page: while it trains, texts, single tokens, and a conversation. */
import { expect, test } from '@playwright/test';
import { axeFindings } from './axe';
import { picture } from './pictures';
import { TrainerPage } from './trainer-page';

test('speaks of a picture in other ways while it trains', async ({ page }) => {
  const trainer = new TrainerPage(page);
  await trainer.open({ imagesPerBatch: 4, samplesPerImage: 4, trainingPictures: 64 });
  await trainer.give(await picture(page, { color: 'red', shape: 'circle', radius: 40 }));
  await trainer.train.click();
  await page.getByTestId('speak').click();
  const sheet = page.getByRole('dialog', { name: 'Speak' });
  const spoken = sheet.getByTestId('spoken');
  const tokens = sheet.getByTestId('token');

  await test.step('best of N, ranked by CLIP', async () => {
    await sheet.getByRole('radio', { name: 'Best of N' }).check();
    await sheet.getByTestId('speak-write').click();
    await expect(spoken).toHaveCount(8);
    const cosines = (await spoken.allInnerTexts()).map((text) =>
      Number(/cosine (−?[\d.]+)/.exec(text)![1]!.replace('−', '-')),
    );
    expect(cosines).toEqual(cosines.toSorted((a, b) => b - a));
  });

  await test.step('another token, and the text that it leads to', async () => {
    await tokens.first().click();
    const turnings = sheet.getByTestId('turning');
    await expect(turnings.nth(5)).toBeVisible();
    const other = turnings.filter({ hasNotText: 'as it stands' }).locator('[data-becomes]').first();
    const text = await other.innerText();
    await other.click();
    await expect(spoken.first()).toContainText(text);
    await expect(tokens.first()).toBeVisible();
    expect(await axeFindings(page)).toEqual([]);
  });

  await test.step('a conversation of two turns, and given answers ranked', async () => {
    await sheet.getByRole('tab', { name: 'Ask' }).click();
    for (const [i, label] of ['caption:', 'news:'].entries()) {
      await sheet.getByRole('button', { name: label, exact: true }).click();
      await sheet.getByTestId('ask').click();
      await expect(sheet.getByTestId('turn').nth(i)).toContainText(label);
    }
    await sheet.getByTestId('question').fill('caption:');
    await sheet.getByText('Rank given answers instead').click();
    await sheet.getByTestId('candidates').fill('zebra zebra\na large circle in the middle .');
    await sheet.getByTestId('rank').click();
    await expect(sheet.getByTestId('ranked').first()).toContainText('circle');
    expect(await axeFindings(page)).toEqual([]);
  });

  await test.step('too long a question is refused in words, and training never stopped', async () => {
    await sheet.getByTestId('question').fill('a large red circle '.repeat(20));
    await sheet.getByTestId('ask').click();
    await expect(sheet.getByTestId('speak-fault')).toContainText('too long');
    await page.keyboard.press('Escape');
    await expect(sheet).toHaveCount(0);
    await trainer.expectStatus('training');
    expect(await trainer.updates()).toBeGreaterThan(0);
  });
});
