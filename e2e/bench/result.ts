/** Benchmark results are kept as JSON beside the benchmarks, with when and where they were measured. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, totalmem } from 'node:os';

const FOLDER = 'e2e/bench/results';

export function writeResult(name: string, result: object): void {
  mkdirSync(FOLDER, { recursive: true });
  const machine = {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${cpus().length} × ${cpus()[0]?.model ?? arch()}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
  writeFileSync(`${FOLDER}/${name}.json`, `${JSON.stringify({ machine, ...result }, null, 1)}\n`);
}
