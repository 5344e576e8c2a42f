/**
 * Checks in Chromium that transformers.js (WASM) loads the bundled files and computes what PyTorch
 * does (.cache/golden.json, written by golden.py), from the samples on. Exits with an error where it differs.
 */
import { readFileSync } from 'node:fs';
import { withPage } from '../worlds/browser_page';

interface Golden {
  texts: string[];
  sounds: number;
  gpt2: number[][];
  clap: number[][];
  text: number[][];
  audio: number[][];
}

const TOLERANCE = 1e-4;
const here = import.meta.dirname;
const golden = JSON.parse(readFileSync(`${here}/.cache/golden.json`, 'utf8')) as Golden;
const mounts = {
  '/models/': `${here}/../../public/models`,
  '/ort/': `${here}/../../node_modules/onnxruntime-web/dist`,
};

const largestError = (a: number[][], b: number[][]): number =>
  Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i]![j]!))));

await withPage(`${here}/check_page.ts`, mounts, async (page) => {
  page.on('console', (message) => console.log('page:', message.text()));
  await page.waitForFunction(() => 'soundsCheck' in window);
  const result = await page.evaluate(
    ({ texts, sounds }) => window.soundsCheck(texts, sounds),
    golden,
  );
  for (const name of ['gpt2', 'clap'] as const)
    golden.texts.forEach((text, i) => {
      const [wanted, found] = [golden[name][i]!.join(' '), result[name][i]!.join(' ')];
      if (wanted !== found) throw new Error(`${name} tokens of "${text}": ${found}, not ${wanted}`);
    });
  const errors = {
    text: largestError(golden.text, result.text),
    audio: largestError(golden.audio, result.audio),
  };
  console.log('tokens agree; largest errors', errors, 'a sound takes', result.milliseconds);
  if (Object.values(errors).some((error) => !(error <= TOLERANCE)))
    throw new Error(`an error is over ${TOLERANCE}`);
});
