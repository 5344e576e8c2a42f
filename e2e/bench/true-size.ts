/** GPT-2 124M at its true shape: loading from the disk, and the phases of a pass. */
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { launchOptions } from '../../scripts/chromium.ts';
import type { TrueSizeTimes } from './in-page/true-size.ts';
import { writeResult } from './result.ts';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export async function benchTrueSize(): Promise<void> {
  const server = await createServer({ logLevel: 'warn', server: { port: 4185 } });
  await server.listen();
  const browser = await chromium.launch({
    ...launchOptions({ adapter: 'software' }),
    headless: true,
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls!.local[0]}e2e/bench/in-page/blank.html`);
    // As text: a function would be rewritten by the loader of this file.
    const times: TrueSizeTimes = await page.evaluate(
      `import('/e2e/bench/in-page/true-size.ts').then((bench) => bench.measureTrueSize())`,
    );
    const read = median(times.load.read);
    console.log(`adapter: ${times.adapter}; a file of ${(times.fileBytes / 1e6).toFixed(0)} MB`);
    console.log(`reading it from the disk   ${read.toFixed(0)} ms`);
    for (const kind of ['f32', 'f16', 'kept halves'] as const) {
      const ms = median(times.load[kind]);
      console.log(`loading ${kind.padEnd(18)} ${ms.toFixed(0)} ms, ${(ms / read).toFixed(2)} ×`);
    }
    console.log(`\nphase (ms; B 1, L 32)      f32      f16`);
    for (const name of Object.keys(times.phases.f32)) {
      const cell = (storage: 'f32' | 'f16') =>
        median(times.phases[storage][name] ?? [])
          .toFixed(0)
          .padStart(9);
      console.log(`${name.padEnd(21)}${cell('f32')}${cell('f16')}`);
    }
    writeResult('true-size', times);
  } finally {
    await browser.close();
    await server.close();
  }
}
