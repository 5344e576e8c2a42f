/**
 * What the built page weighs, against budgets: `tsx scripts/budgets.ts [folder]` prints the table and fails
 * where a budget is exceeded. Bytes are those of gzip at level 9, as a host would send them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** What is downloaded together; a file belongs to the first group that takes it. */
interface Group {
  name: string;
  takes(path: string, html: string): boolean;
  /** Bytes. */
  budget: number;
  /** Part of every first visit; or of one where this build of ONNX Runtime is the browser's. */
  visit?: 'every' | 'jspi' | 'asyncify' | 'plain';
}

const MODEL_FILES =
  /^models\/shapes\/(gpt2\/(model\.safetensors|styles\.json|opening-words\.json)|clip\/(preprocessor_config\.json|onnx\/.*)|(gpt2|clip)\/(tokenizer|tokenizer_config|config)\.json)$/;
/** Vite names in index.html all that the entry imports, and imports of imports. */
const isNamedIn = (html: string, path: string) => html.includes(`./${path}"`);

const GROUPS: readonly Group[] = [
  {
    name: 'first paint: index.html',
    takes: (path) => path === 'index.html',
    budget: 3_000,
    visit: 'every',
  },
  {
    name: 'first paint: JavaScript',
    takes: (path, html) => path.endsWith('.js') && isNamedIn(html, path),
    budget: 150_000,
    visit: 'every',
  },
  {
    name: 'first paint: styles',
    takes: (path, html) => path.endsWith('.css') && isNamedIn(html, path),
    budget: 8_000,
    visit: 'every',
  },
  {
    name: 'the trainer’s worker',
    takes: (path) => path.startsWith('assets/trainer.worker-'),
    budget: 330_000,
    visit: 'every',
  },
  {
    name: 'the other workers',
    takes: (path) => /^assets\/\w+\.worker-/.test(path),
    budget: 150_000,
  },
  {
    name: 'charts, sheets and other code for later',
    takes: (path) => /^assets\/[^/]*\.(js|css)$/.test(path),
    budget: 210_000,
    visit: 'every',
  },
  {
    name: 'ONNX Runtime, JSPI',
    takes: (path) => /^assets\/ort-.*\.jspi-/.test(path),
    budget: 4_500_000,
    visit: 'jspi',
  },
  {
    name: 'ONNX Runtime, asyncify',
    takes: (path) => /^assets\/ort-.*\.asyncify-/.test(path),
    budget: 7_000_000,
    visit: 'asyncify',
  },
  {
    name: 'ONNX Runtime, without WebGPU',
    takes: (path) => path.startsWith('assets/ort-'),
    budget: 4_000_000,
    visit: 'plain',
  },
  {
    name: 'the bundled models',
    takes: (path) => MODEL_FILES.test(path),
    budget: 2_800_000,
    visit: 'every',
  },
  {
    name: 'the bundled world of sounds',
    takes: (path) => path.startsWith('models/sounds/'),
    budget: 2_600_000,
  },
  {
    name: 'for exports, licences, icons',
    takes: () => true,
    budget: 2_500_000,
  },
];

const VISITS = {
  'a first visit with JSPI': { build: 'jspi', budget: 7_600_000 },
  'a first visit without JSPI': { build: 'asyncify', budget: 10_200_000 },
  'a first visit on a software adapter': { build: 'plain', budget: 7_100_000 },
} as const;

export interface Line {
  name: string;
  bytes: number;
  budget: number;
}

/** Every group, and what a first visit downloads in all. */
export async function weigh(folder: string): Promise<Line[]> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.split(sep).join('/'));
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const bytes = new Map(GROUPS.map((group) => [group, 0]));
  await Promise.all(
    paths.map(async (path) => {
      const group = GROUPS.find(({ takes }) => takes(path, html))!;
      const packed = await promisify(gzip)(readFileSync(join(folder, path)), { level: 9 });
      bytes.set(group, bytes.get(group)! + packed.length);
    }),
  );
  const parts = GROUPS.map((group) => ({ ...group, bytes: bytes.get(group)! }));
  const visits = Object.entries(VISITS).map(([name, { build, budget }]) => ({
    name,
    bytes: parts
      .filter(({ visit }) => visit === 'every' || visit === build)
      .reduce((sum, part) => sum + part.bytes, 0),
    budget,
  }));
  return [
    ...parts.map((part) => ({ name: part.name, bytes: part.bytes, budget: part.budget })),
    ...visits,
  ];
}

/** Of a group without a file nothing was weighed: a name has changed, and the budget holds no more. */
export const broken = (lines: readonly Line[]): Line[] =>
  lines.filter(({ bytes, budget }) => bytes > budget || bytes === 0);

if (import.meta.filename === process.argv[1]) {
  const lines = await weigh(process.argv[2] ?? 'dist');
  const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`.padStart(13);
  console.log(`${'gzipped'.padEnd(42)}${'is'.padStart(13)}${'at most'.padStart(13)}`);
  for (const { name, bytes, budget } of lines)
    console.log(`${name.padEnd(42)}${kB(bytes)}${kB(budget)}`);
  for (const { name, bytes, budget } of broken(lines)) {
    console.error(
      bytes === 0
        ? `No file was found for “${name}”.`
        : `“${name}” is ${bytes - budget} bytes over its budget.`,
    );
    process.exitCode = 1;
  }
}
