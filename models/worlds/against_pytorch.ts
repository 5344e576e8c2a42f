/**
 * What transformers.js computes of a world's bundled files, in Chromium on ONNX Runtime's WASM, held to what PyTorch
 * does: .cache/golden.json, which the world's golden.py writes.
 */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { withPage } from './browser_page';

const TOLERANCE = 1e-4;
const MOUNTS = {
  '/models/': `${import.meta.dirname}/../../public/models`,
  '/ort/': `${import.meta.dirname}/../../node_modules/onnxruntime-web/dist`,
};

export const largestError = (a: number[][], b: number[][]): number =>
  Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i]![j]!))));

/**
 * @param world its folder
 * @param global what the world's check_page.ts puts on its window when it is ready
 * @param work says what the page's results are off by, by name
 */
export async function checkWorld<Golden>(
  world: string,
  global: string,
  work: (page: Page, golden: Golden) => Promise<Record<string, number>>,
): Promise<void> {
  const golden = JSON.parse(readFileSync(`${world}/.cache/golden.json`, 'utf8')) as Golden;
  await withPage(`${world}/check_page.ts`, MOUNTS, async (page) => {
    page.on('console', (message) => console.log('page:', message.text()));
    await page.waitForFunction((name) => name in window, global);
    const errors = await work(page, golden);
    console.log('tokens agree; largest errors', errors);
    if (Object.values(errors).some((error) => !(error <= TOLERANCE)))
      throw new Error(`an error is over ${TOLERANCE}`);
  });
}

/** @throws Error naming the text */
export function expectSameTokens(
  tokenizer: string,
  texts: readonly string[],
  wanted: readonly number[][],
  found: readonly number[][],
): void {
  texts.forEach((text, i) => {
    const [a, b] = [wanted[i]!.join(' '), found[i]!.join(' ')];
    if (a !== b) throw new Error(`${tokenizer} tokens of "${text}": ${b}, not ${a}`);
  });
}
