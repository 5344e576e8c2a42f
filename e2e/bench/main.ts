/**
 * `npm run bench` measures the phases of an iteration, `-- learning` the learning curve, `-- true-size`
 * GPT-2 124M, `-- captions` the metrics of 5,000 captions, `-- ways` how soon ways to learn are at 90 %,
 * `-- rollout` ways to decode.
 */
import { build } from 'vite';
import { benchCaptions } from './captions.ts';
import { benchLearning } from './learning.ts';
import { benchPhases } from './phases.ts';
import { benchRollout } from './rollout.ts';
import { benchTrueSize } from './true-size.ts';
import { benchWays } from './ways.ts';

const BENCHES: Record<string, () => Promise<void>> = {
  phases: benchPhases,
  learning: benchLearning,
  'true-size': benchTrueSize,
  captions: benchCaptions,
  ways: benchWays,
  rollout: benchRollout,
};

const name = process.argv[2] ?? 'phases';
const bench = BENCHES[name];
if (bench) {
  await build({ logLevel: 'warn' });
  await bench();
} else {
  console.error(`No such benchmark: ${name}. They are ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 2;
}
