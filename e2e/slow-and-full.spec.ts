/** Downloads over a trickle, of a file that changes, onto a full disk. The trainer is not there. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { HubDouble } from '../scripts/hub-double';
import { CLIP, LM, lookUp, openWithoutTrainer, serveBundled } from './hub';

const hub = new HubDouble();
let address: string;

test.beforeAll(async () => {
  address = await hub.start();
});
test.afterAll(() => hub.stop());
test.beforeEach(() => {
  hub.clear();
  serveBundled(hub);
});

const WEIGHTS = `/${LM}/model.safetensors`;
/** What was asked of the storage host, as byte ranges; `undefined` is the whole file. */
const rangesOf = (path: string) =>
  hub.requests.filter((request) => request.path === path).map(({ range }) => range);

/** config.json, tokenizer.json, and model.safetensors: 550 kB at 25 kB/s leave 20 s to cancel in. */
const TRICKLES = [50, 50, 200].map((everyMs) => ({ kind: 'slow', bytes: 5000, everyMs }) as const);

test('a slow download tells speed and time, is cancelled, and goes on where it was', async ({
  page,
}) => {
  await openWithoutTrainer(page);
  await lookUp(page, address);
  const download = page.getByTestId('models-download');
  await expect(download).toHaveText(/Download 2\.7\d MB/);
  hub.misbehave(...TRICKLES);
  await download.click();
  const progress = page.getByTestId('models-progress');
  await expect(progress).toHaveText(/, \d+(\.\d+)? kB\/s, \d+ (s|min) left$/);
  await expect.poll(() => rangesOf(WEIGHTS)).toEqual([undefined]);
  const weights = page.getByRole('progressbar', { name: 'model.safetensors' });
  const here = async () => Number(await weights.getAttribute('value'));
  await expect.poll(here).toBeGreaterThan(20_000);
  await page.getByTestId('models-cancel').click();
  await expect(download).toBeVisible();
  const kept = await here();
  expect(kept).toBeLessThan(550_000);
  await expect(page.getByTestId('models-stored')).toContainText('1 unfinished');

  await test.step('what is whole is not fetched again', async () => {
    await download.click();
    await expect(progress).toHaveText(/^All of 2\.7\d MB is on this disk/);
    expect(rangesOf(WEIGHTS)).toEqual([undefined, `bytes=${kept}-`]);
    expect(
      hub.requests.filter(({ path }) => path.endsWith(`${LM}/resolve/main/tokenizer.json`)),
    ).toHaveLength(1);
    await expect(page.getByTestId('models-stored')).not.toContainText('unfinished');
  });
});

test('a file that changes on the hub between cut and resumption is told apart', async ({
  page,
}) => {
  await openWithoutTrainer(page);
  await lookUp(page, address);
  const download = page.getByTestId('models-download');
  await expect(download).toHaveText(/Download 2\.7\d MB/);
  hub.misbehave(...TRICKLES);
  await download.click();
  await expect.poll(() => rangesOf(WEIGHTS)).toEqual([undefined]);
  await expect(page.getByRole('progressbar', { name: 'model.safetensors' })).not.toHaveAttribute(
    'value',
    '0',
  );
  await page.getByTestId('models-cancel').click();
  await expect(download).toBeVisible();

  // Of the same length: only the hash can tell.
  const changed = readFileSync('public/models/shapes/gpt2/model.safetensors');
  changed[changed.length - 1]! ^= 1;
  hub.put(WEIGHTS.slice(1), changed);
  await download.click();
  await expect(page.getByTestId('models-fault')).toContainText('arrived damaged');
  await expect(page.getByTestId('models-stored')).not.toContainText('unfinished');

  await test.step('looked up anew, it is fetched whole', async () => {
    await page.getByTestId('models-look-up').click();
    await download.click();
    await expect(page.getByTestId('models-progress')).toHaveText(/^All of 2\.7\d MB/);
    expect(rangesOf(WEIGHTS).at(-1)).toBeUndefined();
  });
});

test('a full disk is said in words, keeps what arrived, and is gone on with when there is room', async ({
  page,
  baseURL,
}) => {
  const { origin } = new URL(baseURL!);
  const browser = await page.context().newCDPSession(page);
  await openWithoutTrainer(page);
  await lookUp(page, address);
  const download = page.getByTestId('models-download');
  await expect(download).toBeVisible();
  const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 400_000 });
  await download.click();
  const fault = page.getByTestId('models-fault');
  await expect(fault).toContainText(`There is no room for ${LM}/model.safetensors`);
  await expect(fault).toContainText(/\d\.\d MB more were needed/);
  await expect(fault).toContainText('Free disk space');

  await test.step('nothing half-written counts as whole', async () => {
    const stored = page.getByTestId('models-stored');
    await expect(stored).toContainText('1 unfinished');
    await expect(page.getByTestId('models-use')).toHaveCount(0);
    await page.getByTestId('models-look-up').click();
    await expect(page.getByTestId('models-progress')).toHaveText(/ here, .* to download/);
  });

  await test.step('the quota lifted, the rest comes', async () => {
    await browser.send('Storage.overrideQuotaForOrigin', { origin });
    await download.click();
    await expect(page.getByTestId('models-progress')).toHaveText(
      /^All of 2\.7\d MB is on this disk/,
    );
    const [, resumed] = rangesOf(WEIGHTS);
    expect(Number(/^bytes=(\d+)-$/.exec(resumed!)?.[1])).toBeGreaterThan(0);
    expect(rangesOf(`/${CLIP}/onnx/vision_model.onnx`)).toEqual([undefined]);
    await expect(fault).toHaveCount(0);
  });
});
