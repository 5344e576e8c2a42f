/** The rollout: ways to decode, beginnings read once, and CLIP beside sampling. */
import { inDevPage } from './dev-page.ts';
import type { RolloutTimes } from './in-page/rollout.ts';
import { type BenchOptions, resultName } from './options.ts';
import { writeResult } from './result.ts';
import { spreadOf } from './spread.ts';

const ROUNDS = 60;

const median = (values: readonly number[]) => spreadOf(values).median;

/** Median and least: what another program on the machine disturbs only lengthens. */
const spread = (values: readonly number[]): string =>
  `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)})`;

export async function benchRollout(options: BenchOptions): Promise<void> {
  const times = await inDevPage<RolloutTimes>('rollout', 'measureRollout', [ROUNDS], {
    port: 4187,
    onGpu: options.onGpu,
  });
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
  writeResult(resultName('rollout', options), times);
}
