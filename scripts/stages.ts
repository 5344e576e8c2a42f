/**
 * The stages of `npm test`, cheapest first. All of them run, so that one report names everything
 * that is broken; the last line sums the tests of all runners. `npm test -- e2e types` runs only the
 * named stages.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ensureChromium } from './chromium';

interface Stage {
  name: string;
  command: readonly string[];
  /** Reads the runner's JSON report; a stage without one counts as a single test. */
  count?: (report: unknown) => Tally;
}

interface Tally {
  passed: number;
  failed: number;
}

const vitestReport = z.object({ numPassedTests: z.number(), numTotalTests: z.number() });
const playwrightReport = z.object({
  stats: z.object({
    expected: z.number(),
    skipped: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
  }),
});

// A skipped test promises what nobody checked, so both counts take it for a failure.
const countVitest = (report: unknown): Tally => {
  const { numPassedTests, numTotalTests } = vitestReport.parse(report);
  return { passed: numPassedTests, failed: numTotalTests - numPassedTests };
};
const countPlaywright = (report: unknown): Tally => {
  const { expected, flaky, skipped, unexpected } = playwrightReport.parse(report).stats;
  return { passed: expected + flaky, failed: skipped + unexpected };
};

const reports = mkdtempSync(join(tmpdir(), 'esper-test-'));
const reportOf = (name: string) => join(reports, `${name}.json`);

const vitest = (name: string, project: string): Stage => ({
  name,
  command: [
    'vitest',
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportOf(name)}`,
  ],
  count: countVitest,
});

const stages: readonly Stage[] = [
  { name: 'format', command: ['prettier', '--check', '--log-level=warn', '.'] },
  { name: 'lint', command: ['oxlint', '--deny-warnings'] },
  { name: 'types', command: ['tsc'] },
  vitest('unit', 'node'),
  { name: 'build', command: ['vite', 'build', '--logLevel=warn'] },
  { name: 'budgets', command: ['tsx', 'scripts/budgets.ts'] },
  vitest('gpu', 'browser'),
  {
    name: 'e2e',
    command: ['playwright', 'test'],
    count: countPlaywright,
  },
];

function run({ name, command, count }: Stage): Tally {
  const [program, ...args] = command;
  if (!program) throw new Error(`stage ${name} has no command`);
  const { status } = spawnSync(program, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: reportOf(name) },
  });
  const failure = status === 0 ? 0 : 1;
  if (!count) return { passed: 1 - failure, failed: failure };
  try {
    const { passed, failed } = count(JSON.parse(readFileSync(reportOf(name), 'utf8')));
    // A runner can fail with every test green, for instance on an unhandled rejection.
    return { passed, failed: Math.max(failed, failure) };
  } catch (error) {
    console.error(`${name}: the runner left no report (${String(error)})`);
    return { passed: 0, failed: 1 };
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(
    `No such stage: ${unknown.join(', ')}. They are ${stages.map((s) => s.name).join(', ')}.`,
  );
  process.exit(2);
}

ensureChromium();
const total: Tally = { passed: 0, failed: 0 };
const lines: string[] = [];
for (const stage of stages) {
  if (wanted.length > 0 && !wanted.includes(stage.name)) continue;
  console.log(`\n── ${stage.name}: ${stage.command.slice(0, 3).join(' ')}`);
  const started = performance.now();
  const { passed, failed } = run(stage);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  total.passed += passed;
  total.failed += failed;
  const verdict = failed === 0 ? 'ok' : 'FAILED';
  lines.push(
    `${stage.name.padEnd(8)}${verdict.padEnd(8)}${`${seconds} s`.padStart(9)}   ${passed} passed, ${failed} failed`,
  );
}
rmSync(reports, { recursive: true });
console.log(`\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
