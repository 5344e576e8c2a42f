/**
 * A benchmark's view of the product: the built page in Chromium, driven and read as a person would, so
 * that what is measured is what is shipped.
 */
import { type Browser, chromium, type Page } from 'playwright';
import { preview, type PreviewServer } from 'vite';
import { launchOptions } from '../../scripts/chromium.ts';
import { adapterOf } from './adapter.ts';

export interface Sample {
  update: number;
  /** By metric name. */
  values: Record<string, number>;
  /** The latest held-out accuracy, shares in %; empty before the first. */
  evaluation: Record<string, number>;
  /** Seconds since training began. */
  seconds: number;
}

export interface PageRun {
  page: Page;
  adapter: string;
  /** Seconds from navigation to the first caption, and until the page is ready to train. */
  opening: { firstCaption: number; ready: number };
  /** Trains for so many updates, or until `onSample` says that it is enough, and reports every one of them. */
  train(updates: number, onSample?: (sample: Sample) => boolean | void): Promise<Sample[]>;
  close(): Promise<void>;
}

const seconds = (since: number) => (performance.now() - since) / 1000;

/** The numbers behind every `data-testid` that begins with the prefix. */
const numbers = (page: Page, prefix: string): Promise<Record<string, number>> =>
  page
    .locator(`[data-testid^="${prefix}"]`)
    .evaluateAll(
      (elements, start) =>
        Object.fromEntries(
          elements.map((element) => [
            element.getAttribute('data-testid')!.slice(start),
            Number.parseFloat(element.textContent ?? ''),
          ]),
        ),
      prefix.length,
    );

async function read(page: Page): Promise<Omit<Sample, 'seconds'>> {
  const banner = await page.getByRole('banner').innerText();
  const update = Number(/update\s*([\d,]+)/.exec(banner)?.[1]?.replaceAll(',', '') ?? 0);
  return {
    update,
    values: await numbers(page, 'metric-'),
    evaluation: await numbers(page, 'evaluation-'),
  };
}

export async function openPage(
  settings: Record<string, string> = {},
  onGpu = false,
): Promise<PageRun> {
  const server: PreviewServer = await preview({ preview: { port: 4199, strictPort: false } });
  const address = server.resolvedUrls!.local[0]!;
  const browser: Browser = await chromium.launch({
    ...launchOptions({ adapter: onGpu ? 'gpu' : 'software' }),
    headless: true,
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const opened = performance.now();
  await page.goto(`${address}?${new URLSearchParams(settings)}`);
  await page.getByTestId('sample-row').first().waitFor({ timeout: 300_000 });
  const firstCaption = seconds(opened);
  await page.waitForFunction(
    () => /ready|paused/.test(document.querySelector('[data-testid=status]')?.textContent ?? ''),
    undefined,
    { timeout: 300_000 },
  );
  const ready = seconds(opened);
  const adapter = await adapterOf(page, onGpu);
  return {
    page,
    adapter,
    opening: { firstCaption, ready },
    async train(updates, onSample) {
      const samples: Sample[] = [];
      const started = performance.now();
      await page.getByTestId('train').click();
      while ((samples.at(-1)?.update ?? 0) < updates) {
        await page.waitForTimeout(150);
        const sample = { ...(await read(page)), seconds: seconds(started) };
        if (sample.update === (samples.at(-1)?.update ?? 0)) continue;
        samples.push(sample);
        if (onSample?.(sample)) break;
      }
      await page.getByTestId('pause').click();
      return samples;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
