/**
 * Hands the real vocabularies to the large tests. They lie beside the project (../shared/data), are not
 * copied into it, and a test that needs them fails where they are missing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { TestProject } from 'vitest/node';

export interface SharedTokenizers {
  gpt2: { vocabulary: string; merges: string; cases: string };
  clip: { merges: string; cases: string };
}

declare module 'vitest' {
  interface ProvidedContext {
    tokenizers: SharedTokenizers;
  }
}

export default function setup(project: TestProject): void {
  const folder = resolve('../shared/data/tokenizers');
  if (!existsSync(folder))
    throw new Error(`The large tests need the real vocabularies in ${folder}, which is missing.`);
  const read = (path: string) => readFileSync(resolve(folder, path));
  project.provide('tokenizers', {
    gpt2: {
      vocabulary: read('gpt2/encoder.json').toString(),
      merges: read('gpt2/vocab.bpe').toString(),
      cases: read('gpt2/cases.json').toString(),
    },
    clip: {
      merges: gunzipSync(read('clip/bpe_simple_vocab_16e6.txt.gz')).toString(),
      cases: read('clip/cases.json').toString(),
    },
  });
}
