/** The budgets see what a build would do wrong: planted builds, weighed. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { broken, weigh } from './budgets';

let dist: string;
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'esper-dist-'));
});
afterEach(() => rmSync(dist, { recursive: true }));

/** @param bytes of noise, which does not pack */
function put(path: string, bytes = 10): void {
  mkdirSync(dirname(join(dist, path)), { recursive: true });
  writeFileSync(join(dist, path), randomBytes(bytes));
}

function putBuild(...scripts: string[]): void {
  const tags = scripts.map((path) => `<script type="module" src="./${path}"></script>`).join('');
  writeFileSync(
    join(dist, 'index.html'),
    `<link rel="stylesheet" href="./assets/index-1.css">${tags}`,
  );
  put('assets/index-1.css');
  for (const name of ['trainer.worker-1.js', 'library.worker-1.js', 'Settings-1.js'])
    put(`assets/${name}`);
  for (const build of ['', '.jspi', '.asyncify'])
    put(`assets/ort-wasm-simd-threaded${build}-1.wasm`, 1000);
  for (const world of ['shapes', 'sounds']) put(`models/${world}/gpt2/model.safetensors`);
  put('favicon.svg');
}

const problems = async () => broken(await weigh(dist)).map(({ name }) => name);
const bytesOf = async (name: string) =>
  (await weigh(dist)).find((line) => line.name.startsWith(name))!.bytes;

it('a small build is within every budget', async () => {
  putBuild('assets/index-1.js');
  put('assets/index-1.js', 1000);
  expect(await problems()).toEqual([]);
});

it('what the entry imports counts for the first paint', async () => {
  putBuild('assets/index-1.js', 'assets/shared-1.js');
  put('assets/index-1.js', 100_000);
  put('assets/shared-1.js', 60_000);
  expect(await problems()).toEqual(['first paint: JavaScript']);
});

it('code that is fetched later does not', async () => {
  putBuild('assets/index-1.js');
  put('assets/index-1.js', 100_000);
  put('assets/Settings-1.js', 60_000);
  expect(await problems()).toEqual([]);
});

it('a visit downloads one build of ONNX Runtime', async () => {
  putBuild('assets/index-1.js');
  put('assets/index-1.js');
  const before = await bytesOf('a first visit with JSPI');
  put('assets/ort-wasm-simd-threaded.asyncify-1.wasm', 500_000);
  put('assets/ort-wasm-simd-threaded-1.wasm', 500_000);
  expect(await bytesOf('a first visit with JSPI')).toBe(before);
  put('assets/ort-wasm-simd-threaded.jspi-1.wasm', 500_000);
  expect(await bytesOf('a first visit with JSPI')).toBeGreaterThan(before + 498_000);
});

it('a group whose files are no longer found is reported', async () => {
  putBuild('assets/index-1.js');
  put('assets/index-1.js');
  rmSync(join(dist, 'assets/trainer.worker-1.js'));
  expect(await problems()).toEqual(['the trainer’s worker']);
});
