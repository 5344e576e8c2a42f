/**
 * How the page comes up: five cold loads, each in a browser of its own, of this build and, in turn, of
 * another one where its folder is given: `npm run bench -- loading ../main/dist`. Medians, and the
 * requests of the last load as a waterfall.
 */
import { type BrowserContext, chromium, type Page } from 'playwright';
import { preview } from 'vite';
import { launchOptions } from '../../scripts/chromium.ts';
import type { BenchOptions } from './options.ts';
import { writeResult } from './result.ts';

const LOADS = 5;
const READY_MS = 120_000;
/** How long the person looks before they press Step. */
const LOOKING_MS = 5000;

/** Milliseconds from navigation. */
interface Milestones {
  firstPaint: number;
  firstContentfulPaint: number;
  firstCaption: number;
  ready: number;
  /** From pressing Step, some seconds after that, to the first update's figures. */
  firstUpdate: number;
}
const NAMES = [
  'firstPaint',
  'firstContentfulPaint',
  'firstCaption',
  'ready',
  'firstUpdate',
] as const;

interface Fetched {
  name: string;
  /** Milliseconds from navigation. */
  start: number;
  end: number;
  bytes: number;
}

interface Load {
  milestones: Milestones;
  requests: Fetched[];
}

/** In the page, before anything of it runs: notes when captions, the word "ready" and an update's figures appear. */
function watch(): void {
  const seen: Record<string, number> = {};
  Object.assign(globalThis, { seen });
  new MutationObserver(() => {
    if (document.querySelector('[data-testid="sample-row"]'))
      seen['firstCaption'] ??= performance.now();
    if (document.querySelector('[data-testid="status"]')?.textContent === 'ready')
      seen['ready'] ??= performance.now();
    if (/\d/.test(document.querySelector('[data-testid="metric-lr"]')?.textContent ?? ''))
      seen['updated'] ??= performance.now();
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

const milestonesOf = (page: Page): Promise<Omit<Milestones, 'firstUpdate'>> =>
  page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: Pick<Milestones, 'firstCaption' | 'ready'> };
    const { firstCaption, ready } = seen;
    return {
      firstPaint: performance.getEntriesByName('first-paint')[0]!.startTime,
      firstContentfulPaint: performance.getEntriesByName('first-contentful-paint')[0]!.startTime,
      firstCaption,
      ready,
    };
  });

/** Of workers too. */
function noteRequests(context: BrowserContext, address: string) {
  const noted: { name: string; startTime: number; end: number; bytes: Promise<number> }[] = [];
  context.on('requestfinished', (request) => {
    const { startTime, responseEnd } = request.timing();
    const bytes = request.sizes().then(
      ({ responseBodySize }) => responseBodySize,
      () => 0,
    );
    noted.push({
      name: request.url().replace(address, ''),
      startTime,
      end: startTime + responseEnd,
      bytes,
    });
  });
  return async (origin: number): Promise<Fetched[]> => {
    const requests = noted.map(async ({ name, startTime, end, bytes }) => ({
      name,
      start: startTime - origin,
      end: end - origin,
      bytes: await bytes,
    }));
    return (await Promise.all(requests)).toSorted((a, b) => a.start - b.start);
  };
}

async function firstUpdate(page: Page): Promise<number> {
  await page.waitForTimeout(LOOKING_MS);
  const pressed = await page.evaluate(() => performance.now());
  await page.getByTestId('step').click();
  await page.waitForFunction(
    () => 'updated' in (globalThis as { seen?: object }).seen!,
    undefined,
    {
      timeout: READY_MS,
    },
  );
  return (
    (await page.evaluate(
      () => (globalThis as unknown as { seen: { updated: number } }).seen.updated,
    )) - pressed
  );
}

async function load(address: string): Promise<Load> {
  const browser = await chromium.launch({
    ...launchOptions({ adapter: 'software' }),
    headless: true,
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const requestsSince = noteRequests(context, address);
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.goto(address);
    await page.waitForFunction(
      () => 'ready' in (globalThis as { seen?: object }).seen!,
      undefined,
      {
        timeout: READY_MS,
      },
    );
    const milestones = await milestonesOf(page);
    const origin = await page.evaluate(() => performance.timeOrigin);
    const requests = await requestsSince(origin);
    return { milestones: { ...milestones, firstUpdate: await firstUpdate(page) }, requests };
  } finally {
    await browser.close();
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function printWaterfall(requests: readonly Fetched[], ready: number): void {
  const width = 60;
  const column = (ms: number) => Math.min(width, Math.max(0, Math.round((ms / ready) * width)));
  console.log(`\n${'request'.padEnd(52)}   from     to ms       kB`);
  for (const { name, start, end, bytes } of requests) {
    const bar = ' '.repeat(column(start)) + '▆'.repeat(Math.max(1, column(end) - column(start)));
    const cells = [start.toFixed(0).padStart(6), end.toFixed(0).padStart(6)].join(' ');
    console.log(
      `${(name || 'index.html').slice(-52).padEnd(52)} ${cells} ${(bytes / 1000).toFixed(0).padStart(11)} ${bar}`,
    );
  }
}

export async function benchLoading({ rest }: BenchOptions): Promise<void> {
  const folders = ['dist', ...rest];
  const servers = [];
  for (const outDir of folders)
    servers.push(await preview({ build: { outDir }, preview: { port: 4199, strictPort: false } }));
  const loads: Load[][] = folders.map(() => []);
  try {
    for (let i = 0; i < LOADS; i++) {
      // Now the one first, now the other: a load also meets what the one before has left running.
      const turn = [...servers.entries()];
      for (const [k, server] of i % 2 === 0 ? turn : turn.toReversed())
        loads[k]!.push(await load(server.resolvedUrls!.local[0]!));
    }
  } finally {
    for (const server of servers) await server.close();
  }
  const builds = folders.map((folder, k) => ({
    folder,
    medians: Object.fromEntries(
      NAMES.map((name) => [name, Math.round(median(loads[k]!.map((one) => one.milestones[name])))]),
    ),
    bytes: loads[k]!.at(-1)!.requests.reduce((sum, { bytes }) => sum + bytes, 0),
  }));
  const last = loads[0]!.at(-1)!;
  printWaterfall(last.requests, last.milestones.ready);
  console.log(
    `\nmedians of ${LOADS} cold loads, ms${NAMES.map((name) => name.padStart(22)).join('')}`,
  );
  for (const { folder, medians } of builds)
    console.log(
      folder.padEnd(29) + NAMES.map((name) => String(medians[name]).padStart(22)).join(''),
    );
  writeResult('loading', { loads: LOADS, builds, requests: last.requests });
}
