/**
 * `npm run bench` measures the phases of an iteration; a name after it, as `npm run bench -- peers`, another thing:
 * learning     the learning curve of the default run; learning-sounds: in the world of sounds; released: of the
 *              released trainer
 * ways         how soon ways to learn are at 90 %
 * guided       ways of decoding
 * kernels      every variant of a matrix product beside ONNX Runtime's; attention and the head beside their plain form;
 *              or only those whose titles hold the word behind it
 * peers        the same GPT-2 on other libraries, or on those whose names begin as the word behind it; with --large
 *              GPT-2 124M
 * growth       an update's and a rollout's time against their sizes
 * rollout      ways to decode
 * true-size    GPT-2 124M: loading and one pass
 * loading      cold loads of the page
 * captions     the metrics of 5,000 captions
 * tables       no measurement: writes the kept results' tables into docs/performance.md
 * --gpu behind the name: on the machine's own GPU instead of the software adapter, where that can be; its results are
 * kept beside the software adapter's.
 * --node: without a browser, by the package `webgpu`, on the driver that the machine has (e2e/dawn/webgpu.ts).
 */
import { build } from 'vite';
import { benchCaptions } from './captions.ts';
import { benchGrowth } from './growth.ts';
import { benchGuided } from './guided.ts';
import { benchKernels } from './kernels.ts';
import { benchLearning, benchReleased, benchSounds } from './learning.ts';
import { benchLoading } from './loading.ts';
import { type BenchOptions, optionsOf } from './options.ts';
import { benchPeers } from './peers.ts';
import { benchPhases } from './phases.ts';
import { benchRollout } from './rollout.ts';
import { writeTables } from './tables.ts';
import { benchTrueSize } from './true-size.ts';
import { benchWays } from './ways.ts';

const BENCHES: Record<string, (options: BenchOptions) => Promise<void>> = {
  phases: benchPhases,
  learning: benchLearning,
  'learning-sounds': benchSounds,
  released: benchReleased,
  ways: benchWays,
  guided: benchGuided,
  kernels: benchKernels,
  peers: benchPeers,
  growth: benchGrowth,
  rollout: benchRollout,
  'true-size': benchTrueSize,
  loading: benchLoading,
  captions: benchCaptions,
  tables: writeTables,
};

/** What can run on the machine's own GPU as well. */
const ON_GPU = new Set(['phases', 'kernels', 'peers', 'growth', 'rollout', 'true-size']);

/** What computes with the kernels and ONNX Runtime alone, and so in Node too. */
const IN_NODE = new Set(['kernels', 'peers', 'growth']);

/** What drives the page as it is shipped; the others run modules from Vite's server. */
const ON_BUILT_PAGE = new Set([
  'phases',
  'learning',
  'learning-sounds',
  'released',
  'ways',
  'loading',
]);

const { name, ...options } = optionsOf(process.argv.slice(2));
const bench = BENCHES[name];
const refused = [
  { flag: '--gpu', isGiven: options.onGpu, allowed: ON_GPU },
  { flag: '--node', isGiven: options.inNode, allowed: IN_NODE },
].find(({ isGiven, allowed }) => isGiven && !allowed.has(name));
if (bench && refused) {
  const { flag, allowed } = refused;
  console.error(`${name} has no ${flag}. Those that have it are ${[...allowed].join(', ')}.`);
  process.exitCode = 2;
} else if (bench) {
  if (ON_BUILT_PAGE.has(name)) await build({ logLevel: 'warn' });
  await bench(options);
} else {
  console.error(`No such benchmark: ${name}. They are ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 2;
}
