/** Greedy decoding, best of N, beams and guidance by CLIP, side by side on held-out scenes. */
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { launchOptions } from '../../scripts/chromium.ts';
import type { GuidedOutcome } from './in-page/guided.ts';
import { writeResult } from './result.ts';

const SCENES = 24;

export async function benchGuided(): Promise<void> {
  const server = await createServer({ logLevel: 'warn', server: { port: 4187 } });
  await server.listen();
  const browser = await chromium.launch({
    ...launchOptions({ adapter: 'software' }),
    headless: true,
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls!.local[0]}e2e/bench/in-page/blank.html`);
    // As text: a function would be rewritten by the loader of this file.
    const outcome: GuidedOutcome = await page.evaluate(
      `import('/e2e/bench/in-page/guided.ts').then((bench) => bench.measureGuided(${SCENES}))`,
    );
    console.log(`${outcome.scenes} held-out scenes, ${outcome.updates} updates on texts`);
    for (const { method, isSeen, cosine, milliseconds, attributes } of outcome.ways) {
      const shares = Object.entries(attributes)
        .map(([name, share]) => `${name} ${(100 * share).toFixed(0)} %`)
        .join(', ');
      const who = isSeen ? 'sees it' : 'text-only';
      console.log(
        `${who.padEnd(10)}${method.padEnd(10)} cosine ${cosine.toFixed(3)}; ${shares}; ${milliseconds.toFixed(0)} ms a caption`,
      );
    }
    writeResult('guided', outcome);
  } finally {
    await browser.close();
    await server.close();
  }
}
