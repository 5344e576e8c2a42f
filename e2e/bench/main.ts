/** `npm run bench` measures the phases of an iteration; `npm run bench -- learning` the learning curve. */
import { build } from 'vite';
import { benchLearning } from './learning.ts';
import { benchPhases } from './phases.ts';

const BENCHES: Record<string, () => Promise<void>> = {
  phases: benchPhases,
  learning: benchLearning,
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
