/** Text metrics of 5,000 images in the captions' worker. */
import { inDevPage } from './dev-page.ts';
import type { CaptionsTimes } from './in-page/captions.ts';
import { writeResult } from './result.ts';

export async function benchCaptions(): Promise<void> {
  const times = await inDevPage<CaptionsTimes>('captions', 'measureCaptions', [], { port: 4186 });
  console.log(`${times.images} images, ${times.references} references each`);
  for (const { score, longestPause } of times.rounds)
    console.log(`${score.toFixed(0)} ms; the page paused ${longestPause.toFixed(0)} ms at most`);
  writeResult('captions', times);
}
