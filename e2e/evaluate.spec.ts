/** The Evaluate sheet in the bundled world: figures at once, the table by keyboard, its files, and a broken file. */
import { readFile } from 'node:fs/promises';
import { type Page, expect, test } from '@playwright/test';
import { axeFindings } from './axe';
import { picture } from './pictures';
import { TrainerPage } from './trainer-page';

async function download(page: Page, testId: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId(testId).click(),
  ]);
  return readFile(await file.path(), 'utf8');
}

const file = (name: string, text: string) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(text),
});

test('scenes are evaluated at once, and a file of references with its pictures', async ({
  page,
}) => {
  const trainer = new TrainerPage(page);
  await trainer.open({ imagesPerBatch: 4, samplesPerImage: 4, trainingPictures: 64 });
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  const rows = page.getByTestId('evaluate-row');
  const figure = (name: string) => page.getByTestId(`figure-${name}`);
  await expect(rows.first()).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText('128 images, captioned at update 0')).toBeVisible();
  for (const name of ['clipScore', 'refClipScore', 'bleu1', 'rougeL', 'ciderD', 'distinct1'])
    await expect(figure(name)).toHaveText(/^\d\.\d{4}$/);
  await expect(figure('perplexity')).toHaveText(/^\d+\.\d\d$/);
  await expect(figure('colour')).toHaveText(/^\d+\.\d %$/);
  expect(await rows.count()).toBeLessThan(60);
  expect(await axeFindings(page)).toEqual([]);

  await test.step('a column is sorted by keyboard', async () => {
    const head = page.getByRole('columnheader', { name: /BLEU-1/ });
    await expect(head).toHaveAttribute('aria-sort', 'none');
    await head.getByRole('button').press('Enter');
    await expect(head).toHaveAttribute('aria-sort', 'descending');
    const column = async () =>
      (await rows.allInnerTexts()).map((text) =>
        Number(/\d\.\d{4}\s+\d\.\d{4}\s+(\d\.\d{4})/.exec(text)?.[1]),
      );
    const falling = await column();
    expect(falling.length).toBeGreaterThan(3);
    expect(falling).toEqual(falling.toSorted((a, b) => b - a));
    await head.getByRole('button').press('Enter');
    await expect(head).toHaveAttribute('aria-sort', 'ascending');
    expect((await column())[0]).toBeLessThan(falling[0]!);
  });

  await test.step('its files hold what is shown', async () => {
    const json = JSON.parse(await download(page, 'evaluate-json'));
    expect(json.images).toHaveLength(128);
    await expect(figure('ciderD')).toHaveText(json.set.ciderD.toFixed(4));
    const csv = await download(page, 'evaluate-csv');
    expect(csv.trim().split('\n')).toHaveLength(129);
    expect(csv).toContain(`${json.images[5].caption},`);
  });

  await test.step('a broken line is told and nothing is lost', async () => {
    const broken = file('refs.csv', 'image,caption\na.png,a red circle\nb.png,\n');
    await page.getByTestId('evaluate-references').setInputFiles(broken);
    const fault = page.getByTestId('evaluate-fault');
    await expect(fault).toContainText('refs.csv');
    await expect(fault).toContainText('Row 3: no caption');
    await expect(rows.first()).toBeVisible();
  });

  await test.step('references of one’s own, with their pictures', async () => {
    const drawn = await picture(page, { color: 'red', shape: 'circle', radius: 40 });
    const references = file(
      'refs.jsonl',
      `{"image":"${drawn.name}","captions":["a large red circle in the middle ."]}\n{"image":"other.png","caption":"x"}\n`,
    );
    await page.getByTestId('evaluate-references').setInputFiles(references);
    await expect(page.getByText('JSON lines, 2 images')).toBeVisible();
    await page.getByTestId('evaluate-pictures').setInputFiles(drawn);
    await expect(page.getByText('1 picture given here')).toBeVisible();
    await page.getByTestId('evaluate-run').click();
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText('a large red circle in the middle .');
    await expect(page.getByText('1 image left out: no picture of that name.')).toBeVisible();
    await expect(figure('colour')).toHaveCount(0);
  });
});
