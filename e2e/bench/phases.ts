/**
 * Milliseconds of each phase of an iteration of the default run: of the shipped page by its own clock, then of its
 * parts one by one, beside what each must spend.
 */
import { DEFAULT_CONFIG, batchSize } from '../../src/esper/config.ts';
import { type Climb, climbOf, SOON } from './climb.ts';
import { inDevPage } from './dev-page.ts';
import type { PartTimes } from './in-page/phases.ts';
import { type BenchOptions, resultName } from './options.ts';
import { shareOfRoof } from './roofline.ts';
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

export async function benchPhases(options: BenchOptions): Promise<void> {
  const page = await benchPage(options.onGpu);
  const parts = await benchParts(options.onGpu);
  const { median } = page.phases['step_ms']!;
  const bar = { milliseconds: BAR_MS, isPassed: median <= BAR_MS };
  console.log(`${bar.isPassed ? 'pass' : 'FAIL'}  an iteration of ${median} ms, wanted ${BAR_MS}`);
  writeResult(resultName('phases', options), { ...page, parts, bar } satisfies PhasesResult);
}

interface PageResult {
  adapter: string;
  opening: { firstCaption: number; ready: number };
  episodesAnUpdate: number;
  phases: Record<string, Spread>;
  episodesPerSecond: number;
  tokensPerSecond: number;
  gpuBytes: number | undefined;
  /** Undefined where too few updates were seen in that time. */
  climb: Climb | undefined;
}

async function benchPage(onGpu: boolean): Promise<PageResult> {
  const run = await openPage({}, onGpu);
  try {
    const isEnough = ({ update, seconds }: Sample) =>
      update >= WARM_UP + MEASURED && seconds > SOON;
    const all = await run.train(Number.POSITIVE_INFINITY, isEnough);
    const samples = all.slice(WARM_UP);
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
      climb: climbOf(all),
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
    printClimb(result.climb);
    return result;
  } finally {
    await run.close();
  }
}

function printClimb(climb: Climb | undefined): void {
  if (!climb) return console.log(`FAIL  too few updates in ${SOON} s to see the reward climb`);
  const { isPassed, first, last, error, updates } = climb;
  console.log(
    `${isPassed ? 'pass' : 'FAIL'}  reward ${first.toFixed(2)}, and ${last.toFixed(2)} within ${SOON} s of the click` +
      ` (${updates} updates; error of the difference ${error.toFixed(2)})`,
  );
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
  /** Of the time, what it must spend would take at the roofs; 0 where that is not counted. */
  share: number;
}

async function benchParts(onGpu: boolean): Promise<PartsResult> {
  const times = await inDevPage<PartTimes>('phases', 'measurePhases', [], {
    port: 4188,
    onGpu,
  });
  const phases: PartsResult['phases'] = {};
  const { roofs } = times;
  console.log(
    `\nroofs: ${roofs.gflops.toFixed(1)} GFLOP/s, ${roofs.gigabytes.toFixed(2)} GB/s` +
      `\nparts (ms)                   median     p10     p90  GFLOP/s     GB/s  of roof`,
  );
  for (const [name, { count, cost, milliseconds }] of Object.entries(times.phases)) {
    const spent = spreadOf(milliseconds);
    const perSecond = (amount: number) => amount / spent.median / 1e6;
    const [gflops, gigabytes] = [perSecond(cost.flop), perSecond(cost.bytes)];
    const share = shareOfRoof(cost, spent.median, roofs);
    phases[name] = { count, milliseconds: spent, ...cost, gflops, gigabytes, share };
    const cells = [spent.median, spent.low, spent.high].map((ms) => ms.toFixed(1).padStart(8));
    const rates = [gflops, gigabytes].map((rate) => rate.toFixed(2).padStart(9));
    const percent = `${(100 * share).toFixed(0)} %`.padStart(9);
    console.log(name.padEnd(27) + cells.join('') + rates.join('') + percent);
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
