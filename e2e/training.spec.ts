/** The main job, end to end: train, take the weights home, bring them back. */
import { expect, test } from '@playwright/test';
import { axeFindings } from './axe';
import { picture } from './pictures';
import { parseSafetensors } from './safetensors';
import { TrainerPage } from './trainer-page';

/** Updates of the default run, and how far the CLIP cosine must rise in them (last 5 − first 5). */
const UPDATES = 20;
const MARGIN = 0.15;

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

test('trains, exports, resumes after a reload, and speaks the same from imported weights', async ({
  page,
  browser,
}) => {
  test.setTimeout(540_000);
  const trainer = new TrainerPage(page);
  await page.goto('./');
  await trainer.expectStatus('ready', 60_000);
  await expect(trainer.rows.first()).toBeVisible();
  expect(await trainer.rows.count()).toBeGreaterThanOrEqual(4);

  const circle = await picture(page, { color: 'red', shape: 'circle', radius: 40 });
  await trainer.give(circle);
  const untrained = await trainer.captionNow.innerText();
  await expect(trainer.captionBefore).toHaveText(untrained);

  await test.step(`the CLIP cosine rises by ${MARGIN} in ${UPDATES} updates`, async () => {
    const recorded = await trainer.record('objective/clip_cos_sim');
    await trainer.trainUntil(UPDATES);
    const curve = await recorded();
    test.info().annotations.push({ type: 'cosine', description: curve.join(' ') });
    expect(mean(curve.slice(-5)) - mean(curve.slice(0, 5))).toBeGreaterThan(MARGIN);
  });

  const learned = await trainer.captionNow.innerText();
  expect(learned).not.toBe(untrained);
  await expect(trainer.captionBefore).toHaveText(untrained);
  const updates = await trainer.updates();

  await test.step('the picture is captioned in all styles of the language model', async () => {
    await page.getByRole('button', { name: 'In all styles' }).click();
    const rows = page.getByTestId('in-styles').locator('tbody tr');
    await expect(rows).toHaveCount(5);
    // This run trains after “caption:”, so that one of them is what it says anyway.
    await expect(rows.filter({ hasText: 'caption' }).locator('td').first()).toHaveText(learned);
    await expect(rows.filter({ hasText: 'story' }).locator('td').first()).toContainText(
      /^(once there was|one day she found|in the tale)/,
    );
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  const exported =
    await test.step('the export is a safetensors file with the named tensors', async () => {
      const file = await trainer.exportFile();
      expect(file.name).toMatch(/\.safetensors$/);
      const { header, metadata } = parseSafetensors(file.buffer);
      expect(Object.keys(header)).toEqual(
        expect.arrayContaining([
          'clip_project.model.0.weight',
          'clip_project.model.0.bias',
          'clip_project.model.2.weight',
          'clip_project.model.2.bias',
        ]),
      );
      expect(metadata).toMatchObject({ step: String(updates) });
      return file;
    });

  await test.step('a reload resumes from the checkpoint', async () => {
    await trainer.reload();
    expect(await trainer.updates()).toBe(updates);
    await trainer.give(circle);
    await expect(trainer.captionNow).toHaveText(learned);
  });

  await test.step('a reset forgets, the import brings it back to the letter', async () => {
    await trainer.resetRun();
    await expect(trainer.captionNow).toHaveText(untrained);
    await trainer.importFile(exported);
    await expect(trainer.captionNow).toHaveText(learned);
    await expect(trainer.fault).toHaveCount(0);
  });

  await test.step('another person imports the file and reads the same', async () => {
    const context = await browser.newContext();
    const other = new TrainerPage(await context.newPage());
    await other.open();
    await other.importFile(exported);
    await other.give(circle);
    await expect(other.captionNow).toHaveText(learned);
    await context.close();
  });
});
