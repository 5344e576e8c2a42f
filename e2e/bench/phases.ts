/** Milliseconds of each phase of an iteration of the default run, on the adapter at hand. */
import { DEFAULT_CONFIG, batchSize } from '../../src/esper/config.ts';
import { openPage, type Sample } from './page-run.ts';
import { writeResult } from './result.ts';
import { spreadOf } from './spread.ts';

/** The first updates compile and warm up; the rest are reported. */
const WARM_UP = 3;
const MEASURED = 12;

const PHASES = ['step_ms', 'step_ms/rollout', 'step_ms/reward', 'step_ms/update'] as const;

const spread = (samples: readonly Sample[], name: string) =>
  spreadOf(samples.map((sample) => sample.values[name]!).filter(Number.isFinite));

export async function benchPhases(): Promise<void> {
  const run = await openPage();
  try {
    const samples = (await run.train(WARM_UP + MEASURED)).slice(WARM_UP);
    const phases = Object.fromEntries(PHASES.map((name) => [name, spread(samples, name)]));
    const episodes = batchSize(DEFAULT_CONFIG);
    const length = spread(samples, 'objective/length').median;
    const perSecond = (count: number, ms: number) => (1000 * count) / ms;
    const result = {
      adapter: run.adapter,
      opening: run.opening,
      episodesAnUpdate: episodes,
      phases,
      episodesPerSecond: perSecond(episodes, phases['step_ms']!.median),
      tokensPerSecond: perSecond(episodes * length, phases['step_ms']!.median),
      gpuBytes: samples.at(-1)?.values['gpu_bytes'],
    };
    const cell = (value: number) => value.toFixed(0).padStart(8);
    console.log(`adapter: ${result.adapter}; ${episodes} episodes an update\n`);
    console.log(`phase (ms)          median     p10     p90`);
    for (const [name, { median, low, high }] of Object.entries(phases))
      console.log(`${name.padEnd(16)}${cell(median)}${cell(low)}${cell(high)}`);
    console.log(
      `\nfirst caption ${run.opening.firstCaption.toFixed(1)} s, ready ${run.opening.ready.toFixed(1)} s`,
    );
    console.log(
      `${result.episodesPerSecond.toFixed(1)} episodes/s, ${result.tokensPerSecond.toFixed(0)} tokens/s`,
    );
    console.log(`${((result.gpuBytes ?? 0) / 1e6).toFixed(1)} MB in our GPU buffers`);
    writeResult('phases', result);
  } finally {
    await run.close();
  }
}
