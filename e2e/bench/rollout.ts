/** The rollout: ways to decode, beginnings read once, and CLIP beside sampling. */
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { launchOptions } from '../../scripts/chromium.ts';
import type { RolloutTimes } from './in-page/rollout.ts';
import { writeResult } from './result.ts';

const ROUNDS = 60;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Median and least: what another program on the machine disturbs only lengthens. */
const spread = (values: readonly number[]): string =>
  `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)})`;

export async function benchRollout(): Promise<void> {
  const server = await createServer({ logLevel: 'warn', server: { port: 4187, hmr: false } });
  await server.listen();
  const browser = await chromium.launch({
    ...launchOptions({ adapter: 'software' }),
    headless: true,
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls!.local[0]}e2e/bench/in-page/blank.html`);
    const times: RolloutTimes = await page.evaluate(
      `import('/e2e/bench/in-page/rollout.ts').then((bench) => bench.measureRollout(${ROUNDS}))`,
    );
    const { ways, ended, clip } = times;
    console.log(
      `adapter: ${times.adapter}; ${times.episodes} captions, ${times.samplesPerImage} a picture\n`,
    );
    console.log('ms, median (least)');
    console.log('decoding on           once           each  submits  dispatches  read-backs');
    for (const [on, { once, each, traffic }] of Object.entries(ways)) {
      const { submits, dispatches, readbacks } = traffic;
      const cells = [spread(once).padStart(15), spread(each).padStart(15)];
      const counts = [
        `${submits}`.padStart(9),
        `${dispatches}`.padStart(12),
        `${readbacks}`.padStart(12),
      ];
      console.log([on.padEnd(10), ...cells, ...counts].join(''));
    }
    console.log(
      `\nevery row had ended before the last token in ${ended.sampled} of ${ended.rollouts} rollouts, ${ended.textOnly} of ${ended.rollouts} of the text-only model`,
    );
    console.log(
      `sampling, then CLIP: ${spread(clip.whole)} ms; in halves one after the other ${spread(clip.after)}, side by side ${spread(clip.beside)}`,
    );
    writeResult('rollout', times);
  } finally {
    await browser.close();
    await server.close();
  }
}
