/** Greedy decoding, best of N, beams and guidance by CLIP, side by side on held-out scenes. */
import { inDevPage } from './dev-page.ts';
import type { GuidedOutcome } from './in-page/guided.ts';
import { writeResult } from './result.ts';

const SCENES = 24;

export async function benchGuided(): Promise<void> {
  const outcome = await inDevPage<GuidedOutcome>('guided', 'measureGuided', [SCENES], {
    port: 4187,
  });
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
}
