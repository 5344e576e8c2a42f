/**
 * Learning curves in the browser, from a random projector by PPO alone: of the default run until 40,000 captions, in
 * either bundled world, and of the released trainer at the world's size. What is held out is evaluated by the page
 * itself every 20 updates.
 */
import { batchSize, type Config, DEFAULT_CONFIG } from '../../src/esper/config.ts';
import { BUNDLED_PAIR, type Pair, SOUNDS_PAIR } from '../../src/esper/pair.ts';
import { configOf, RELEASED_SMALL } from '../../src/state/recipes.ts';
import { openPage, type Sample } from './page-run.ts';
import { writeResult } from './result.ts';

/** As models/reference/plot.py takes it: shares, not percent. */
function evaluationOf({ evaluation }: Sample, episodes: number) {
  const { update, cosine, trueCosine, ...percents } = evaluation;
  const shares = Object.fromEntries(
    Object.entries(percents).map(([attribute, percent]) => [attribute, percent / 100]),
  );
  return { update, episodes: update! * episodes, ...shares, cosine, trueCosine };
}

export const benchLearning = () => record('learning', DEFAULT_CONFIG, 40_000);

export const benchSounds = () => record('learning-sounds', DEFAULT_CONFIG, 40_000, SOUNDS_PAIR);

export const benchReleased = () =>
  record('released', configOf(RELEASED_SMALL, DEFAULT_CONFIG), 12_800);

async function record(
  name: string,
  config: Config,
  captions: number,
  { lm, clip }: Pair = BUNDLED_PAIR,
): Promise<void> {
  const settings = Object.entries(config).map(([setting, value]) => [setting, String(value)]);
  const run = await openPage({ ...Object.fromEntries(settings), lm, clip });
  try {
    const episodes = batchSize(config);
    const updates = Math.floor(captions / episodes);
    const evaluations: ReturnType<typeof evaluationOf>[] = [];
    const samples = await run.train(updates, (sample) => {
      if (
        !sample.evaluation['update'] ||
        sample.evaluation['update'] === evaluations.at(-1)?.update
      )
        return;
      evaluations.push(evaluationOf(sample, episodes));
      console.log(`${sample.seconds.toFixed(0)} s`, JSON.stringify(evaluations.at(-1)));
    });
    writeResult(name, {
      adapter: run.adapter,
      config,
      curve: samples.map(({ update, seconds, values }) => ({
        update,
        episodes: update * episodes,
        seconds,
        cosine: values['objective/clip_cos_sim'],
        kl: values['objective/kl'],
        reward: values['objective/reward_total'],
      })),
      evaluations,
    });
    await run.page.screenshot({ path: `e2e/bench/results/${name}.png` });
  } finally {
    await run.close();
  }
}
