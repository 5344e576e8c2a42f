/** The page as a person uses it: what they can see and do, by the names of its `data-testid`s. */
import { readFile } from 'node:fs/promises';
import { type Locator, type Page, expect } from '@playwright/test';
import type { MetricName, Status } from '../src/worker/protocol';

/** A file as Playwright hands it to an input. */
export interface UploadFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Loading on two cores takes seconds; a fresh machine's first run compiles every shader. */
const OPEN_MS = 240_000;
/** One update of the default run takes up to 5 s here, and captions follow it. */
const UPDATE_MS = 60_000;
/** How often what takes long is looked at, in ms: Playwright's own second would be waited out each time. */
const INTERVALS = [100];

export class TrainerPage {
  readonly page: Page;
  readonly status: Locator;
  readonly train: Locator;
  readonly pause: Locator;
  readonly step: Locator;
  readonly reset: Locator;
  readonly captionBefore: Locator;
  readonly captionNow: Locator;
  /** Scenes whose captions are watched while training. */
  readonly rows: Locator;
  /** The pictures that the person gave. */
  readonly given: Locator;
  readonly fault: Locator;
  readonly #pictures: Locator;
  readonly #weights: Locator;

  constructor(page: Page) {
    this.page = page;
    this.status = page.getByTestId('status');
    this.train = page.getByTestId('train');
    this.pause = page.getByTestId('pause');
    this.step = page.getByTestId('step');
    this.reset = page.getByTestId('reset');
    this.captionBefore = page.getByTestId('caption-before');
    this.captionNow = page.getByTestId('caption-now');
    this.rows = page.getByTestId('sample-row');
    this.given = page.getByRole('list', { name: 'Your pictures' }).getByRole('listitem');
    this.fault = page.getByTestId('fault');
    this.#pictures = page.getByTestId('image-input');
    this.#weights = page.getByTestId('import');
  }

  /** Opens the page with these settings in its address and waits until it can train. */
  async open(settings: Record<string, string | number> = {}): Promise<void> {
    const query = new URLSearchParams(
      Object.entries(settings).map(([name, value]) => [name, String(value)]),
    );
    await this.page.goto(`./?${query}`);
    await this.opened();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.opened();
  }

  async opened(): Promise<void> {
    await expect(this.status).toHaveText(/^(ready|paused|failed)$/, { timeout: OPEN_MS });
    await expect(this.status, await this.faultText()).not.toHaveText('failed');
  }

  async expectStatus(status: Status, timeout = UPDATE_MS): Promise<void> {
    await expect(this.status).toHaveText(status, { timeout });
  }

  /** What the page says went wrong; empty where nothing did. */
  async faultText(): Promise<string> {
    return (await this.fault.allInnerTexts()).join('\n');
  }

  /** Updates of this run, as the header counts them. */
  async updates(): Promise<number> {
    const text = await this.page.getByRole('banner').innerText();
    return Number(/update\s+([\d,]+)/.exec(text)?.[1]?.replaceAll(',', ''));
  }

  /** Waits until this run has made so many updates, and no more. */
  async expectUpdates(count: number, timeout = UPDATE_MS): Promise<void> {
    await expect.poll(() => this.updates(), { timeout, intervals: INTERVALS }).toBe(count);
  }

  async trainUntil(update: number): Promise<void> {
    await this.train.click();
    await expect
      .poll(() => this.updates(), {
        timeout: update * UPDATE_MS,
        intervals: INTERVALS,
        message: await this.faultText(),
      })
      .toBeGreaterThanOrEqual(update);
    await this.pauseNow();
  }

  async pauseNow(): Promise<void> {
    await this.pause.click();
    await this.expectStatus('paused');
  }

  async steps(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const before = await this.updates();
      await this.step.click();
      await this.expectUpdates(before + 1);
      await this.expectStatus('paused');
    }
  }

  async resetRun(): Promise<void> {
    await this.reset.click();
    await this.expectUpdates(0, OPEN_MS);
    await expect(this.train).toBeEnabled({ timeout: OPEN_MS });
  }

  async metric(name: MetricName): Promise<number> {
    return Number(await this.page.getByTestId(`metric-${name}`).innerText());
  }

  /** Notes every value that the metric takes from now on; the function returned reads them. */
  async record(name: MetricName): Promise<() => Promise<number[]>> {
    const values = await this.page.getByTestId(`metric-${name}`).evaluateHandle((element) => {
      const seen: number[] = [];
      new MutationObserver(() => seen.push(Number(element.textContent))).observe(element, {
        characterData: true,
        childList: true,
        subtree: true,
      });
      return seen;
    });
    return () => values.jsonValue();
  }

  /** Gives pictures by the file input and waits for the captions of all of them. */
  async give(...pictures: readonly UploadFile[]): Promise<void> {
    await this.#pictures.setInputFiles([...pictures]);
    for (const { name } of pictures) await this.expectCaptioned(name);
  }

  /** Gives a file that is no picture, which never gets a caption. */
  async giveBroken(file: UploadFile): Promise<void> {
    await this.#pictures.setInputFiles(file);
  }

  /** The picture is among the person's own, and the stage shows a caption again. */
  async expectCaptioned(name: string): Promise<void> {
    const remove = this.given.getByRole('button', { name: `Remove ${name}`, exact: true });
    await expect(remove).toBeVisible({ timeout: UPDATE_MS });
    await expect(this.captionNow).toHaveText(/\w/);
  }

  /** Every caption on the page, for telling whether any has changed. */
  async captions(): Promise<string[]> {
    return [...(await this.rows.allInnerTexts()), await this.captionNow.innerText()];
  }

  /** The exported prefix file. */
  async exportFile(): Promise<UploadFile> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByTestId('export').click(),
    ]);
    return {
      name: download.suggestedFilename(),
      mimeType: 'application/octet-stream',
      buffer: await readFile(await download.path()),
    };
  }

  /** The zip that trains on in PyTorch. */
  async exportForPyTorch(): Promise<UploadFile> {
    await this.page.getByRole('button', { name: 'More ways to export' }).click();
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('menuitem', { name: 'Continue in PyTorch' }).click(),
    ]);
    return {
      name: download.suggestedFilename(),
      mimeType: 'application/zip',
      buffer: await readFile(await download.path()),
    };
  }

  async importFile(file: UploadFile): Promise<void> {
    await this.#weights.setInputFiles(file);
  }
}
