/** `npm run bench` measures the phases of an iteration, `npm run bench -- NAME` one of the others. */
import { build } from 'vite';
import { benchCaptions } from './captions.ts';
import { benchGuided } from './guided.ts';
import { benchLearning, benchReleased } from './learning.ts';
import { benchPhases } from './phases.ts';
import { benchLoading } from './loading.ts';
import { benchPeers } from './peers.ts';
import { benchTrueSize } from './true-size.ts';
import { benchWays } from './ways.ts';

const BENCHES: Record<string, (flags: readonly string[]) => Promise<void>> = {
  phases: benchPhases,
  /** The learning curve of the default run, and of the released trainer. */
  learning: benchLearning,
  released: benchReleased,
  /** How soon ways to learn are at 90 %. */
  ways: benchWays,
  /** Ways of decoding. */
  guided: benchGuided,
  /** GPT-2 124M. */
  'true-size': benchTrueSize,
  /** The metrics of 5,000 captions. */
  captions: benchCaptions,
  /** Cold loads of the page. */
  loading: benchLoading,
  /** The same GPT-2 on other libraries (`--large`: GPT-2 124M; `--gpu`: on the machine's GPU). */
  peers: benchPeers,
};

const name = process.argv[2] ?? 'phases';
const bench = BENCHES[name];
if (bench) {
  await build({ logLevel: 'warn' });
  await bench(process.argv.slice(3));
} else {
  console.error(`No such benchmark: ${name}. They are ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 2;
}
