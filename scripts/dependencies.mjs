/**
 * Puts node_modules in step with package-lock.json. Plain JavaScript, since it runs before anything
 * is installed.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OLDEST_NODE = [20, 19];

/** Runs a command of the repository or of node_modules/.bin, its output shown; its exit status. */
export function run(command, args) {
  const bin = join(ROOT, 'node_modules', '.bin');
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    // npm and the tools in .bin are .cmd files on Windows, which only a shell can start.
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  return status ?? 1;
}

function packages(lockfile) {
  try {
    return JSON.parse(readFileSync(join(ROOT, lockfile), 'utf8')).packages;
  } catch {
    return {};
  }
}

/** True where every package of the lockfile is installed at its version (optional ones may lack). */
function installed() {
  const present = packages('node_modules/.package-lock.json');
  return Object.entries(packages('package-lock.json')).every(
    ([path, wanted]) =>
      path === '' || (path in present ? present[path].version === wanted.version : wanted.optional),
  );
}

/** Installs what is missing; ends the process with a sentence where that cannot be done. */
export function ensureDependencies() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    console.error(
      `Node ${process.versions.node} is too old: ${OLDEST_NODE.join('.')} or newer, please.`,
    );
    process.exit(1);
  }
  if (installed()) return;
  console.log('Installing dependencies (npm ci) …');
  if (run('npm', ['ci', '--no-audit', '--no-fund']) === 0) return;
  console.error('npm ci failed: see above. Is the package registry reachable?');
  process.exit(1);
}
