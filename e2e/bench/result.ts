/** Benchmark results are kept as JSON beside the benchmarks, with when and where they were measured. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, totalmem } from 'node:os';

const FOLDER = 'e2e/bench/results';

export interface Machine {
  date: string;
  cpu: string;
  memoryGiB: number;
}

/** A result as it was kept; undefined where none is. */
export function readResult<Result>(name: string): (Result & { machine: Machine }) | undefined {
  const file = `${FOLDER}/${name}.json`;
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Result & { machine: Machine })
    : undefined;
}

export function writeResult(name: string, result: object): void {
  mkdirSync(FOLDER, { recursive: true });
  const machine: Machine = {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${cpus().length} × ${cpus()[0]?.model ?? arch()}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
  writeFileSync(`${FOLDER}/${name}.json`, `${JSON.stringify({ machine, ...result }, null, 1)}\n`);
}
