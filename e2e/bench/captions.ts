/** Text metrics of 5,000 images in the captions' worker. */
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { launchOptions } from '../../scripts/chromium.ts';
import type { CaptionsTimes } from './in-page/captions.ts';
import { writeResult } from './result.ts';

export async function benchCaptions(): Promise<void> {
  const server = await createServer({ logLevel: 'warn', server: { port: 4186 } });
  await server.listen();
  const browser = await chromium.launch({
    ...launchOptions({ adapter: 'software' }),
    headless: true,
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls!.local[0]}e2e/bench/in-page/blank.html`);
    // As text: a function would be rewritten by the loader of this file.
    const times: CaptionsTimes = await page.evaluate(
      `import('/e2e/bench/in-page/captions.ts').then((bench) => bench.measureCaptions())`,
    );
    console.log(`${times.images} images, ${times.references} references each`);
    for (const { score, longestPause } of times.rounds)
      console.log(`${score.toFixed(0)} ms; the page paused ${longestPause.toFixed(0)} ms at most`);
    writeResult('captions', times);
  } finally {
    await browser.close();
    await server.close();
  }
}
