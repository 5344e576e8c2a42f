/**
 * The learning curve of the default run in the browser, from a random projector by PPO alone, until
 * 40,000 episodes, in either bundled world. What is held out is evaluated by the page itself every 20 updates.
 */
import { DEFAULT_CONFIG, batchSize } from '../../src/esper/config.ts';
import { BUNDLED_PAIR, type Pair } from '../../src/esper/pair.ts';
import { openPage, type Sample } from './page-run.ts';
import { writeResult } from './result.ts';

const EPISODES = 40_000;

/** As models/reference/plot.py takes it: shares, not percent. */
function evaluationOf({ evaluation }: Sample, episodes: number) {
  const { update, cosine, trueCosine, ...percents } = evaluation;
  const shares = Object.fromEntries(
    Object.entries(percents).map(([attribute, percent]) => [attribute, percent / 100]),
  );
  return { update, episodes: update! * episodes, ...shares, cosine, trueCosine };
}

export async function benchLearning(world: Pair = BUNDLED_PAIR): Promise<void> {
  const run = await openPage({ lm: world.lm, clip: world.clip });
  const name = world === BUNDLED_PAIR ? 'learning' : 'learning-sounds';
  try {
    const episodes = batchSize(DEFAULT_CONFIG);
    const updates = Math.floor(EPISODES / episodes);
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
      config: DEFAULT_CONFIG,
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
