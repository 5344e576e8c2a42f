/**
 * The lint does hold the layers: forbidden and allowed imports are planted in a tree of their own,
 * where oxlint, with this repository's configuration, must find the ones and let the others pass.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';

// Each test starts oxlint, which on a busy machine takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OXLINT = join(ROOT, 'node_modules/oxlint/bin/oxlint');
const RESTRICTED = 'eslint(no-restricted-imports)';

/** `path: rule` for everything that oxlint finds in these files. */
function findings(files: readonly (readonly [path: string, text: string])[]): string[] {
  const tree = mkdtempSync(join(tmpdir(), 'esper-lint-'));
  try {
    copyFileSync(join(ROOT, '.oxlintrc.json'), join(tree, '.oxlintrc.json'));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    const { stdout } = spawnSync(process.execPath, [OXLINT, '--format=json'], {
      cwd: tree,
      encoding: 'utf8',
    });
    const report = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] };
    return report.diagnostics.map(
      ({ filename, code }) => `${filename.replaceAll('\\', '/')}: ${code}`,
    );
  } finally {
    rmSync(tree, { recursive: true });
  }
}

/** One file for each `layer/file → module`, named after its line so that no two collide. */
function plant(imports: readonly string[]): [path: string, text: string][] {
  return imports.map((line, i) => {
    const [file = '', module = ''] = line.split(' → ');
    return [
      file === 'main.tsx' ? 'src/main.tsx' : `src/${dirname(file)}/${i}_${basename(file)}`,
      `import { a } from '${module}';\na();\n`,
    ];
  });
}

const FORBIDDEN = [
  'math/a.ts → ../gpu/device',
  'math/a.ts → ../worlds/shapes/scene',
  'worlds/shapes/a.ts → ../../gpu/device',
  'eval/a.ts → ../esper/config',
  'gpu/kernels/x/a.ts → ../../../frozen/gpt2/weights',
  'gpu/a.ts → ../esper/config',
  'gpu/a.ts → onnxruntime-web/webgpu',
  'frozen/gpt2/a.ts → ../../esper/config',
  'esper/a.ts → ../frozen/gpt2/weights',
  'esper/a.ts → ../worker/protocol',
  'esper/a.ts → @huggingface/transformers',
  'esper/a.gpu.test.ts → ../ui/App',
  'worker/a.ts → ../state/session',
  'worker/a.ts → onnxruntime-web',
  'worker/a.ts → react',
  'state/a.ts → ../worker/trainer',
  'state/a.ts → ../esper/trainer',
  'state/a.ts → ../esper/decode/beam',
  'state/a.ts → ../gpu/device',
  'state/a.ts → ../eval/bleu',
  'state/a.ts → ../worker/judging',
  'state/a.ts → ../ui/App',
  'ui/a.tsx → ../worker/client',
  'ui/charts/a.tsx → ../../esper/trainer',
  'ui/speak/a.tsx → ../../esper/decode/sample',
  'ui/a.tsx → ../gpu/device',
  'ui/a.tsx → ../eval/bleu',
  'eval/a.ts → ../worker/protocol',
  'ui/a.tsx → comlink',
  'main.tsx → ./worker/client',
];

const ALLOWED = [
  'math/a.ts → ../faults',
  'gpu/a.ts → ../math/random',
  'frozen/clip/a.ts → ../../gpu/device',
  'frozen/a.ts → onnxruntime-web/webgpu',
  'frozen/a.ts → @huggingface/transformers',
  'esper/a.ts → ../gpu/kernels/layernorm/layernorm',
  'esper/a.gpu.test.ts → ../frozen/gpt2/weights',
  'eval/a.ts → ../worlds/shapes/scene',
  'worker/a.ts → ../esper/trainer',
  'worker/a.ts → comlink',
  'worker/a.ts → ../eval/bleu',
  'state/a.ts → ../worker/client',
  'state/a.ts → ../worker/protocol',
  'state/a.ts → ../worker/captions-client',
  'state/a.ts → ../esper/config',
  'state/a.ts → ../esper/decode/options',
  'ui/speak/a.tsx → ../../esper/decode/options',
  'state/a.ts → zustand',
  'ui/a.tsx → ../state/session',
  'ui/charts/a.tsx → ../../worker/protocol',
  'ui/a.tsx → react',
  'ui/a.tsx → ../worlds/shapes/vocabulary',
  'main.tsx → ./ui/App',
];

it('finds every import against the layers', () => {
  const planted = plant(FORBIDDEN);
  const found = findings(planted);
  expect(found.toSorted()).toEqual(planted.map(([path]) => `${path}: ${RESTRICTED}`).toSorted());
});

it('lets every import along the layers pass', () => {
  expect(findings(plant(ALLOWED))).toEqual([]);
});

it('lets esper import types of frozen', () => {
  const text = `import type { A } from '../frozen/gpt2/weights';\nexport const b = (x: A) => x;\n`;
  expect(findings([['src/esper/a.ts', text]])).toEqual([]);
});

it('has a layer for every folder of src', () => {
  // No layer but an unknown one may import all three.
  const text = ['zustand', 'comlink', 'react'].map((name) => `import '${name}';`).join('\n');
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `src/${name}/a.ts`);
  const found = new Set(findings(folders.map((path) => [path, text])));
  expect([...found].toSorted()).toEqual(folders.map((path) => `${path}: ${RESTRICTED}`).toSorted());
});

it('finds an import cycle, however long', () => {
  const found = findings([
    ['src/math/a.ts', `import { b } from './b';\nexport const a = (): number => b();\n`],
    ['src/math/b.ts', `import { c } from './c';\nexport const b = (): number => c();\n`],
    ['src/math/c.ts', `import { a } from './a';\nexport const c = (): number => a();\n`],
  ]);
  expect(found).toContain('src/math/a.ts: import(no-cycle)');
});

it('finds barrels, any, and skipped tests', () => {
  const found = findings([
    ['src/math/index.ts', `export * from './random';\n`],
    ['src/math/a.ts', `export const a = (x: any) => x;\n`],
    [
      'src/math/a.test.ts',
      `import { expect, it } from 'vitest';\nit.skip('a', () => expect(1).toBe(1));\n`,
    ],
  ]);
  expect(found.toSorted()).toEqual([
    'src/math/a.test.ts: vitest(no-disabled-tests)',
    'src/math/a.ts: typescript(no-explicit-any)',
    'src/math/index.ts: oxc(no-barrel-file)',
  ]);
});
