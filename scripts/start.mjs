/**
 * `npm start`: installs, builds and serves the page; the server prints the address. Arguments after
 * `--` go to the server, e.g. `npm start -- --host` to be reached from other machines.
 */
import { ensureDependencies, run } from './dependencies.mjs';

ensureDependencies();
const built = run('vite', ['build', '--logLevel', 'warn']);
// Port 4173, or the next one that is free.
process.exitCode = built === 0 ? run('vite', ['preview', ...process.argv.slice(2)]) : built;
