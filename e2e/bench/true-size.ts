/** GPT-2 124M at its true shape: loading from the disk, and the phases of a pass. */
import { inDevPage } from './dev-page.ts';
import type { TrueSizeTimes } from './in-page/true-size.ts';
import { type BenchOptions, resultName } from './options.ts';
import { writeResult } from './result.ts';
import { spreadOf } from './spread.ts';

const median = (values: readonly number[]) => spreadOf(values).median;

export async function benchTrueSize(options: BenchOptions): Promise<void> {
  const times = await inDevPage<TrueSizeTimes>('true-size', 'measureTrueSize', [], {
    port: 4185,
    onGpu: options.onGpu,
  });
  const read = median(times.load.read);
  console.log(`adapter: ${times.adapter}; a file of ${(times.fileBytes / 1e6).toFixed(0)} MB`);
  console.log(`reading it from the disk   ${read.toFixed(0)} ms`);
  for (const kind of ['f32', 'f16', 'kept halves'] as const) {
    const ms = median(times.load[kind]);
    console.log(`loading ${kind.padEnd(18)} ${ms.toFixed(0)} ms, ${(ms / read).toFixed(2)} ×`);
  }
  console.log(`\nphase (ms; B 1, L 32)      f32      f16`);
  for (const name of Object.keys(times.phases.f32)) {
    const cell = (storage: 'f32' | 'f16') =>
      median(times.phases[storage][name] ?? [])
        .toFixed(0)
        .padStart(9);
    console.log(`${name.padEnd(21)}${cell('f32')}${cell('f16')}`);
  }
  writeResult(resultName('true-size', options), times);
}
