/** `npm test`: installs what is missing, then runs the stages. Plain JavaScript for that reason. */
import { ensureDependencies, run } from './dependencies.mjs';

ensureDependencies();
process.exitCode = run('tsx', ['scripts/stages.ts', ...process.argv.slice(2)]);
