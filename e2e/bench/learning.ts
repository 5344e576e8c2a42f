/**
 * The learning curve of the default run in the browser, from a random projector by PPO alone, until
 * 40,000 episodes. Held-out scenes are evaluated by the page itself every 20 updates.
 */
import { DEFAULT_CONFIG, batchSize } from '../../src/esper/config.ts';
import { openPage } from './page-run.ts';
import { writeResult } from './result.ts';

const EPISODES = 40_000;

export async function benchLearning(): Promise<void> {
  const run = await openPage();
  try {
    const episodes = batchSize(DEFAULT_CONFIG);
    const updates = Math.floor(EPISODES / episodes);
    const samples = await run.train(updates, (sample) => {
      if (sample.update % 20 !== 0) return;
      const held = Object.entries(sample.evaluation).map(([name, value]) => `${name} ${value}`);
      console.log(
        `update ${sample.update}  cosine ${sample.values['objective/clip_cos_sim']}  ${held.join('  ')}`,
      );
    });
    writeResult('learning', {
      adapter: run.adapter,
      config: DEFAULT_CONFIG,
      curve: samples.map(({ update, seconds, values, evaluation }) => ({
        update,
        episodes: update * episodes,
        seconds,
        cosine: values['objective/clip_cos_sim'],
        kl: values['objective/kl'],
        reward: values['objective/reward_total'],
        evaluation,
      })),
    });
    await run.page.screenshot({ path: 'e2e/bench/results/learning.png' });
  } finally {
    await run.close();
  }
}
