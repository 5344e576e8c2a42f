/**
 * Milliseconds of each phase of an iteration of the default run: of the shipped page by its own clock, then of its
 * parts one by one, beside what each must spend.
 */
import { DEFAULT_CONFIG, batchSize } from '../../src/esper/config.ts';
import { inDevPage } from './dev-page.ts';
import type { PartTimes } from './in-page/phases.ts';
import { openPage, type Sample } from './page-run.ts';
import { writeResult } from './result.ts';
import { type Spread, spreadOf } from './spread.ts';

/** The first updates compile and warm up; the rest are reported. */
const WARM_UP = 3;
const MEASURED = 12;

/** An iteration of the default run on the software adapter, at most. */
const BAR_MS = 2500;
/** Of an iteration in steady state. */
const MOST_READ_BACKS = 2;

const PHASES = ['step_ms', 'step_ms/rollout', 'step_ms/reward', 'step_ms/update'] as const;

const spread = (samples: readonly Sample[], name: string) =>
  spreadOf(samples.map((sample) => sample.values[name]!).filter(Number.isFinite));

export interface PhasesResult extends PageResult {
  parts: PartsResult;
  bar: { milliseconds: number; isPassed: boolean };
}

export async function benchPhases(): Promise<void> {
  const page = await benchPage();
  const parts = await benchParts();
  const { median } = page.phases['step_ms']!;
  const bar = { milliseconds: BAR_MS, isPassed: median <= BAR_MS };
  console.log(`${bar.isPassed ? 'pass' : 'FAIL'}  an iteration of ${median} ms, wanted ${BAR_MS}`);
  writeResult('phases', { ...page, parts, bar } satisfies PhasesResult);
}

interface PageResult {
  adapter: string;
  opening: { firstCaption: number; ready: number };
  episodesAnUpdate: number;
  phases: Record<string, Spread>;
  episodesPerSecond: number;
  tokensPerSecond: number;
  gpuBytes: number | undefined;
}

async function benchPage(): Promise<PageResult> {
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
    return result;
  } finally {
    await run.close();
  }
}

export interface PartsResult extends Omit<PartTimes, 'wait' | 'phases'> {
  wait: Spread;
  phases: Record<string, PartRow>;
}

interface PartRow {
  /** How often an iteration has it. */
  count: number;
  milliseconds: Spread;
  flop: number;
  bytes: number;
  /** What it must spend over what it took. */
  gflops: number;
  gigabytes: number;
}

async function benchParts(): Promise<PartsResult> {
  const times = await inDevPage<PartTimes>('phases', 'measurePhases', [], { port: 4188 });
  const phases: PartsResult['phases'] = {};
  console.log(`\nparts (ms)                   median     p10     p90  GFLOP/s     GB/s`);
  for (const [name, { count, cost, milliseconds }] of Object.entries(times.phases)) {
    const spent = spreadOf(milliseconds);
    const perSecond = (amount: number) => amount / spent.median / 1e6;
    const [gflops, gigabytes] = [perSecond(cost.flop), perSecond(cost.bytes)];
    phases[name] = { count, milliseconds: spent, ...cost, gflops, gigabytes };
    const cells = [spent.median, spent.low, spent.high].map((ms) => ms.toFixed(1).padStart(8));
    const rates = [gflops, gigabytes].map((rate) => rate.toFixed(2).padStart(9));
    console.log(name.padEnd(27) + cells.join('') + rates.join(''));
  }
  console.log(`waiting for a GPU with nothing to do: ${spreadOf(times.wait).median.toFixed(1)} ms`);
  for (const { languageModel, buffersCreated, readBacks } of times.steady) {
    const isPassed = buffersCreated === 0 && readBacks <= MOST_READ_BACKS;
    console.log(
      `${isPassed ? 'pass' : 'FAIL'}  an iteration, language model on ${languageModel}: ` +
        `${buffersCreated} buffers created, wanted 0; ${readBacks} read back, wanted ${MOST_READ_BACKS}`,
    );
  }
  return { ...times, wait: spreadOf(times.wait), phases };
}
