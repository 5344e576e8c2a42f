/** Each of our kernels apart: milliseconds, GFLOP/s, and where it lies under the roofline (FLOP a byte). */
import type { Group } from './in-page/contenders.ts';
import type { KernelTimes } from './in-page/kernels.ts';
import { measure } from './measure.ts';
import { type BenchOptions, resultName } from './options.ts';
import { writeResult } from './result.ts';
import { type Roofs, shareOfRoof } from './roofline.ts';
import { spreadOf } from './spread.ts';

function print({ what, flop, bytes, contenders }: Group, roofs: Roofs): void {
  const size = `${(flop / 1e6).toFixed(1)} MFLOP, ${(bytes / 1e6).toFixed(2)} MB`;
  console.log(`\n${what}: ${size}, ${(flop / bytes).toFixed(1)} FLOP a byte`);
  console.log(
    `${''.padEnd(20)}${'ms'.padStart(9)}${'p10–p90'.padStart(18)}   GFLOP/s   GB/s  of roof`,
  );
  for (const { name, ms } of contenders) {
    const { median, low, high } = spreadOf(ms);
    const spread = `${low.toFixed(2)}–${high.toFixed(2)}`;
    const rate = (amount: number) => (amount / median / 1e6).toFixed(2);
    console.log(
      name.padEnd(20) +
        median.toFixed(2).padStart(9) +
        spread.padStart(18) +
        rate(flop).padStart(10) +
        rate(bytes).padStart(7) +
        `${(100 * shareOfRoof({ flop, bytes }, median, roofs)).toFixed(0)} %`.padStart(9),
    );
  }
  const best = (names: (name: string) => boolean) =>
    Math.min(...contenders.filter(({ name }) => names(name)).map(({ ms }) => spreadOf(ms).median));
  const ort = best((name) => name === 'ONNX Runtime');
  if (Number.isFinite(ort)) {
    const chosen = best((name) => name === 'as chosen');
    console.log(`as chosen: ${(ort / chosen).toFixed(1)} × as fast as ONNX Runtime`);
  }
  const plain = best((name) => name === 'plain form');
  if (Number.isFinite(plain)) {
    const fused = best((name) => name === 'fused');
    console.log(`fused: ${(plain / fused).toFixed(1)} × as fast as the plain form`);
  }
}

export async function benchKernels(options: BenchOptions): Promise<void> {
  const times = await measure<KernelTimes>('kernels', 'measureKernels', options.rest, options, {
    port: 4186,
  });
  const { gflops, gigabytes } = times.roofs;
  console.log(
    `adapter: ${times.adapter}; roofs: ${gflops.toFixed(1)} GFLOP/s, ${gigabytes.toFixed(2)} GB/s`,
  );
  for (const group of times.groups) print(group, times.roofs);
  writeResult(resultName('kernels', options), times);
}
