/**
 * `npm run bench` measures the phases of an iteration, `-- learning` the learning curve, `-- true-size`
 * GPT-2 124M.
 */
import { build } from 'vite';
import { benchLearning } from './learning.ts';
import { benchPhases } from './phases.ts';
import { benchTrueSize } from './true-size.ts';

const BENCHES: Record<string, () => Promise<void>> = {
  phases: benchPhases,
  learning: benchLearning,
  'true-size': benchTrueSize,
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
