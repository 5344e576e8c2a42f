/**
 * The main job, end to end: train without blocking the page, take the weights home, bring them back,
 * all of it without asking anything of another origin.
 */
import { type Page, expect, test } from '@playwright/test';
import { Uint8ArrayReader, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';
import { DEFAULT_CONFIG } from '../src/esper/config';
import { axeFindings } from './axe';
import { type MainThreadTask, traceMainThread } from './main-thread';
import { picture } from './pictures';
import { parseSafetensors } from './safetensors';
import { TrainerPage } from './trainer-page';

/** Updates of the default run, and how far the CLIP cosine must rise in them (last 5 − first 5). */
const UPDATES = 20;
const MARGIN = 0.15;
/** So many of them are traced. */
const TRACED = 6;
/**
 * No task of the page may compute longer, in ms. The time on the clock is only noted: on two cores that
 * train on the processor, a task may wait for a core through no fault of the page.
 */
const BLOCKED_MS = 50;

// Playwright's own trace would copy the page on its main thread at every look.
test.use({ trace: 'off' });

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

function noteLongest(tasks: readonly MainThreadTask[]): void {
  const longest = (times: readonly number[]) =>
    times
      .toSorted((a, b) => b - a)
      .slice(0, 10)
      .map((time) => time.toFixed(1))
      .join(' ');
  test
    .info()
    .annotations.push(
      { type: 'tasks', description: String(tasks.length) },
      { type: 'longest, ms computing', description: longest(tasks.map(({ cpu }) => cpu)) },
      { type: 'longest, ms by the clock', description: longest(tasks.map(({ wall }) => wall)) },
    );
}

/** Requests of the page and its workers that leave `origin`, as they come. */
function strangersTo(page: Page, origin: string): string[] {
  const strangers: string[] = [];
  // Requests of workers are reported by the context.
  page.context().on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin)
      strangers.push(request.url());
  });
  return strangers;
}

test('trains, exports, resumes after a reload, and speaks the same from imported weights', async ({
  page,
  browser,
  baseURL,
}) => {
  test.setTimeout(1_200_000);
  const strangers = strangersTo(page, new URL(baseURL!).origin);
  const trainer = new TrainerPage(page);
  await page.goto('./');
  await trainer.expectStatus('ready', 240_000);
  await expect(trainer.rows.first()).toBeVisible();
  expect(await trainer.rows.count()).toBeGreaterThanOrEqual(4);

  const circle = await picture(page, { color: 'red', shape: 'circle', radius: 40 });
  await trainer.give(circle);
  const untrained = await trainer.captionNow.innerText();
  await expect(trainer.captionBefore).toHaveText(untrained);

  const recorded = await trainer.record('objective/clip_cos_sim');
  await trainer.steps(1);
  await test.step('training never blocks the page', async () => {
    const tasks = await traceMainThread(browser, page, () => trainer.trainUntil(1 + TRACED));
    noteLongest(tasks);
    expect(tasks.length).toBeGreaterThan(100);
    expect(tasks.filter(({ cpu }) => cpu > BLOCKED_MS)).toEqual([]);
  });

  await test.step(`the CLIP cosine rises by ${MARGIN} in ${UPDATES} updates`, async () => {
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

  await test.step('the zip for PyTorch is whole', async () => {
    const { name, buffer } = await trainer.exportForPyTorch();
    const folder = `esper-gpt2-${updates}-pytorch`;
    expect(name).toBe(`${folder}.zip`);
    const entries = await new ZipReader(new Uint8ArrayReader(buffer)).getEntries();
    const sizes = Object.fromEntries(entries.map((file) => [file.filename, file.uncompressedSize]));
    for (const [file, least] of [
      ['continue.py', 1000],
      ['optimizer.safetensors', 300_000],
      ['features.safetensors', DEFAULT_CONFIG.trainingPictures * 64 * 4],
      ['lm/model.safetensors', 500_000],
      ['clip/model.safetensors', 2_000_000],
    ] as const)
      expect(sizes[`${folder}/${file}`], file).toBeGreaterThan(least);
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
  expect(strangers, 'nothing is asked of another origin').toEqual([]);

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
