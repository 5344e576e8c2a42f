/** Each of our kernels apart: milliseconds, GFLOP/s, and where it lies under the roofline (FLOP a byte). */
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { launchOptions } from '../../scripts/chromium.ts';
import type { Group, KernelTimes } from './in-page/kernels.ts';
import { writeResult } from './result.ts';

const quantile = (values: readonly number[], at: number): number =>
  values.toSorted((a, b) => a - b)[Math.round(at * (values.length - 1))] ?? Number.NaN;

function print({ what, flop, bytes, contenders }: Group): void {
  const size = `${(flop / 1e6).toFixed(1)} MFLOP, ${(bytes / 1e6).toFixed(2)} MB`;
  console.log(`\n${what}: ${size}, ${(flop / bytes).toFixed(1)} FLOP a byte`);
  console.log(`${''.padEnd(20)}${'ms'.padStart(9)}${'p10–p90'.padStart(18)}   GFLOP/s   GB/s`);
  for (const { name, ms } of contenders) {
    const median = quantile(ms, 0.5);
    const spread = `${quantile(ms, 0.1).toFixed(2)}–${quantile(ms, 0.9).toFixed(2)}`;
    const rate = (amount: number) => (amount / median / 1e6).toFixed(2);
    console.log(
      name.padEnd(20) +
        median.toFixed(2).padStart(9) +
        spread.padStart(18) +
        rate(flop).padStart(10) +
        rate(bytes).padStart(7),
    );
  }
  const best = (names: (name: string) => boolean) =>
    Math.min(...contenders.filter(({ name }) => names(name)).map(({ ms }) => quantile(ms, 0.5)));
  const ort = best((name) => name === 'ONNX Runtime');
  if (Number.isFinite(ort)) {
    const chosen = best((name) => name === 'as chosen');
    console.log(`as chosen: ${(ort / chosen).toFixed(1)} × as fast as ONNX Runtime`);
  }
}

export async function benchKernels(): Promise<void> {
  const server = await createServer({ logLevel: 'warn', server: { port: 4186 } });
  await server.listen();
  const browser = await chromium.launch({
    ...launchOptions({ adapter: 'software' }),
    headless: true,
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls!.local[0]}e2e/bench/in-page/blank.html`);
    // As text: a function would be rewritten by the loader of this file.
    const times: KernelTimes = await page.evaluate(
      `import('/e2e/bench/in-page/kernels.ts').then((bench) => bench.measureKernels())`,
    );
    console.log(`adapter: ${times.adapter}`);
    for (const group of times.groups) print(group);
    writeResult('kernels', times);
  } finally {
    await browser.close();
    await server.close();
  }
}
