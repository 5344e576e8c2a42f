/**
 * The tables of docs/performance.md, made from the kept results: no figure in them is typed by hand. Each stands
 * between `<!-- name -->` and `<!-- end -->`, a GPU's behind the software adapter's, those from Node behind a page's.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Climb } from './climb.ts';
import type { GrowthResult } from './growth.ts';
import type { KernelTimes } from './in-page/kernels.ts';
import type { RolloutTimes } from './in-page/rollout.ts';
import type { PeersResult } from './peers.ts';
import type { PhasesResult } from './phases.ts';
import { type Machine, readResult } from './result.ts';
import { type Roofs, shareOfRoof } from './roofline.ts';
import { type Spread, spreadOf } from './spread.ts';

const FILE = 'docs/performance.md';
/** What stands behind a result's name where it is not of the software adapter in a page (options.ts). */
const ELSEWHERE = ['', '-node', '-gpu', '-gpu-node'];

const TABLES: Readonly<Record<string, () => string>> = {
  phases: () => withResult<PhasesResult>('phases', phasesTable),
  peers: () => withResult<PeersResult>('peers', peersTable),
  // All peers of this size, or PyTorch alone, as of a software adapter.
  'peers-large': () => withResult<PeersResult>('peers-large', peersTable, 'pytorch'),
  kernels: () => withResult<KernelTimes>('kernels', kernelsTable),
  rollout: () => withResult<RolloutTimes>('rollout', rolloutTable),
  growth: () => withResult<GrowthResult>('growth', growthTable),
};

/** @throws Error where the file lacks a table's place */
export async function writeTables(): Promise<void> {
  let document = readFileSync(FILE, 'utf8');
  for (const [name, table] of Object.entries(TABLES)) {
    const start = `<!-- ${name} -->\n`;
    const from = document.indexOf(start);
    const to = document.indexOf('<!-- end -->', from);
    if (from < 0 || to < 0) throw new Error(`${FILE} has no place for the table “${name}”`);
    document = `${document.slice(0, from)}${start}\n${table()}\n\n${document.slice(to)}`;
  }
  writeFileSync(FILE, document);
  console.log(document);
}

function withResult<Result>(
  name: string,
  table: (result: Result) => string,
  part?: string,
): string {
  const keptAs = (kept: string) => readResult<Result & { adapter: string }>(kept);
  const results = ELSEWHERE.map((where) => `${name}${where}`).map(
    (kept) => keptAs(kept) ?? (part && keptAs(`${kept}-${part}`)),
  );
  const parts = results.flatMap((result) =>
    result ? [`${place(result)}\n\n${table(result)}`] : [],
  );
  return parts.join('\n\n') || 'Not measured yet.';
}

const place = ({ adapter, machine }: { adapter: string; machine: Machine }): string =>
  `${machine.date}; adapter: ${adapter}; ${machine.cpu}; ${machine.memoryGiB} GiB.`;

/** Three digits that count, no more. */
const figure = (value: number): string =>
  value >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(value >= 1 ? 3 : 2)));

const spread = ({ median, low, high }: Spread): string =>
  `${figure(median)} (${figure(low)}–${figure(high)})`;

const percent = (share: number): string => `${figure(100 * share)} %`;

const roofsSentence = ({ gflops, gigabytes }: Roofs): string =>
  `The roofs, measured beside them by kernels that do nothing else: ${figure(gflops)} GFLOP/s of multiplications ` +
  `and additions in f32, ${figure(gigabytes)} GB/s copied between buffers (read and written). The share is the time ` +
  'that the nearer of the two allows over the time that it took.';

/** Columns of numbers to the right. */
const rows = (header: readonly string[], body: readonly (readonly string[])[]): string =>
  [header, header.map((_, i) => (/^[\d≥]/.test(body[0]?.[i] ?? '') ? '---:' : '---')), ...body]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const verdict = (isPassed: boolean): string => (isPassed ? 'reached' : '**missed**');

function phasesTable({ phases, parts, bar, climb }: PhasesResult): string {
  const page = Object.entries(phases).map(([name, ms]) => [
    name === 'step_ms' ? 'iteration' : name.replace('step_ms/', ''),
    spread(ms),
  ]);
  const each = Object.entries(parts.phases).map(([name, part]) => [
    name,
    part.count === 0 ? 'once a run' : `${part.count} ×`,
    spread(part.milliseconds),
    part.flop === 0 ? '' : figure(part.flop / 1e6),
    part.bytes === 0 ? '' : figure(part.bytes / 1e6),
    part.flop === 0 ? '' : figure(part.gflops),
    part.bytes === 0 ? '' : figure(part.gigabytes),
    part.share === 0 ? '' : percent(part.share),
  ]);
  const steady = parts.steady.map(({ languageModel, buffersCreated, readBacks }) => [
    languageModel === 'kernels' ? 'our kernels' : `ONNX Runtime, ${languageModel}`,
    String(buffersCreated),
    String(readBacks),
  ]);
  return [
    'The shipped page, by its own clock:',
    rows(['phase', 'ms'], page),
    `At most ${figure(bar.milliseconds)} ms an iteration were wanted: ${verdict(bar.isPassed)}.`,
    climbSentence(climb),
    'Its parts one by one, each ended by waiting for the GPU' +
      ` (${figure(parts.wait.median)} ms where it has nothing to do):`,
    rows(
      [
        'part',
        'in an iteration',
        'ms',
        'MFLOP it must spend',
        'MB it must move',
        'GFLOP/s',
        'GB/s',
        'of the roof',
      ],
      each,
    ),
    ...(parts.languageModel === 'wasm'
      ? [
          'The rollout’s passes, CLIP’s and the features are on WebAssembly here, which the shaders’ roofs do not bind.',
        ]
      : []),
    roofsSentence(parts.roofs),
    'What one iteration in steady state asks of WebGPU:',
    rows(['language model on', 'buffers created', 'read-backs'], steady),
  ].join('\n\n');
}

function climbSentence(climb: Climb | undefined): string {
  if (!climb)
    return 'Too few updates came in the first seconds after the click to see the reward climb.';
  const { first, last, seconds, updates, error, isPassed } = climb;
  return (
    `A caption's mean reward was ${figure(first)} in the first three updates after the click and ${figure(last)} ` +
    `in the last three of the first ${seconds} s (${updates} updates; error of the difference ${figure(error)}). ` +
    `It was to be visibly up by then: ${verdict(isPassed)}.`
  );
}

function peersTable({ cases, bars }: PeersResult): string {
  const parts = cases.flatMap(({ name, work, rows: measured, absent }) => {
    const { config, B, P, S, T, rollout } = work;
    const sizes =
      `width ${config.n_embd}, ${config.n_layer} layers, ${config.n_head} heads, ` +
      `vocabulary ${config.vocab_size.toLocaleString('en')}; passes over ${B} × ${P + S} positions, ` +
      `${T} of them scored; rollouts of ${rollout.B} × ${rollout.T} tokens after ${rollout.query.length}`;
    const body = measured.map((row) => [
      row.operation,
      row.peer,
      spread(row.theirs),
      spread(row.ours),
      figure(row.times),
      row.difference === undefined ? '' : row.difference.toExponential(0),
    ]);
    const header = ['work', 'peer', 'its ms', 'our ms', 'its over ours', 'difference'];
    const missing = Object.entries(absent).map(([peer, problem]) => `${peer}: ${problem}.`);
    return [`**${name}**: ${sizes}.`, rows(header, body), ...missing];
  });
  const wanted = bars.map((bar) => [
    `${bar.case}, ${bar.operation}`,
    bar.peer,
    `≥ ${bar.times}`,
    figure(bar.reached),
    verdict(bar.isPassed),
  ]);
  const goals = ['Wanted:', rows(['work', 'peer', 'times ours', 'measured', ''], wanted)];
  return [...parts, ...(wanted.length > 0 ? goals : [])].join('\n\n');
}

function growthTable({ points, languageModel, width }: GrowthResult): string {
  const body = points.map(({ sizes, rollout, update }) => [
    String(sizes.B),
    String(sizes.T),
    String(sizes.layers),
    sizes.vocabulary.toLocaleString('en'),
    spread(update),
    spread(rollout),
  ]);
  const header = [
    'captions',
    'tokens',
    'layers',
    'vocabulary',
    'optimiser step, ms',
    'rollout, ms',
  ];
  const on = languageModel === 'kernels' ? 'our kernels' : `ONNX Runtime, ${languageModel}`;
  return `Width ${width}; the rollout's language model on ${on}.\n\n${rows(header, body)}`;
}

/** Of each shape the variant that runs, beside the others and ONNX Runtime's kernel, or beside its plain form. */
function kernelsTable({ groups, roofs }: KernelTimes): string {
  const body = groups.map(({ what, flop, bytes, contenders }) => {
    const timed = contenders.map(({ name, ms }) => ({ name, ...spreadOf(ms) }));
    const named = (name: string) => timed.find((kernel) => kernel.name === name);
    const [ort, plain] = [named('ONNX Runtime'), named('plain form')];
    const own = (named('as chosen') ?? named('fused'))!;
    const variants = timed.filter((kernel) => ![own, ort, plain].includes(kernel));
    const medians = variants.map(({ median }) => median);
    const beside = [ort, plain].flatMap((other) =>
      other ? [figure(other.median), `${figure(other.median / own.median)} ×`] : ['', ''],
    );
    return [
      what,
      spread(own),
      figure(flop / own.median / 1e6),
      figure(bytes / own.median / 1e6),
      percent(shareOfRoof({ flop, bytes }, own.median, roofs)),
      plain ? '' : `${figure(Math.min(...medians))}–${figure(Math.max(...medians))}`,
      ...beside,
    ];
  });
  const header = [
    'kernel',
    'ms',
    'GFLOP/s',
    'GB/s',
    'of the roof',
    'all variants, ms',
    'ONNX Runtime, ms',
    '',
    'plain form, ms',
    '',
  ];
  return [rows(header, body), roofsSentence(roofs)].join('\n\n');
}

function rolloutTable({ ways, ended, clip, episodes, samplesPerImage }: RolloutTimes): string {
  const body = Object.entries(ways).map(([on, { once, each, traffic }]) => [
    on === 'kernels' ? 'our kernels' : `ONNX Runtime, ${on}`,
    spread(spreadOf(once)),
    spread(spreadOf(each)),
    String(traffic.submits),
    String(traffic.dispatches),
    String(traffic.readbacks),
  ]);
  const header = ['decoding on', 'once, ms', 'each, ms', 'submits', 'kernel calls', 'read-backs'];
  const ms = (values: readonly number[]) => `${spread(spreadOf(values))} ms`;
  return [
    `${episodes} captions, ${samplesPerImage} a picture; beginnings read once a picture, and for each caption:`,
    rows(header, body),
    `Every row had ended before the last token in ${ended.sampled} of ${ended.rollouts} rollouts, and in ${ended.textOnly} of the text-only model's.`,
    `Sampling and then reading the texts with CLIP took ${ms(clip.whole)}; in halves one after the other ${ms(clip.after)}, the first half read while the second is sampled ${ms(clip.beside)}.`,
  ].join('\n\n');
}
