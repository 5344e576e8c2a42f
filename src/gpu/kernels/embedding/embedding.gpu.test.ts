import { describe, it } from 'vitest';
import { Random } from '../../../math/random';
import { KernelRunner } from '../../kernel';
import {
  expectClose,
  halfNormals,
  input,
  normals,
  output,
  RAGGED,
  run,
  storedMatrix,
  withRunner,
} from '../../testing/harness';
import { embeddingForward } from './embedding';
import { embeddingReference } from './embedding.reference';

const gpu = withRunner();
const V = 37;

function tokensOf(count: number): Uint32Array {
  const random = new Random(9);
  return Uint32Array.from({ length: count }, () => Math.floor(random.uniform() * V));
}

describe.each(RAGGED)('embedding of width %i', (D) => {
  it.each([
    { P: 0, first: 2, dtype: 'f16' },
    { P: 0, first: 0, dtype: 'f32' },
    { P: 1, first: 0, dtype: 'f16' },
    { P: 4, first: 0, dtype: 'f32' },
  ] as const)('agrees with the reference: %o', async ({ P, first, dtype }) => {
    const { runner } = gpu;
    const [B, S] = [3, 5];
    const L = P + S;
    const [prefix, wpe] = [normals(B * P * D, 1), normals((L + 2) * D, 3)];
    const wte = halfNormals(V * D, 2);
    const tokens = tokensOf(B * S);
    const x = output(runner, [B, L, D]);
    await run(
      runner,
      embeddingForward(runner, {
        prefix: P > 0 ? input(runner, [B, P, D], prefix) : undefined,
        tokens: input(runner, [B, S], tokens),
        wte: storedMatrix(runner, dtype, [V, D], wte),
        wpe: input(runner, [L + 2, D], wpe),
        x,
        first,
      }),
    );
    const from = wpe.subarray(first * D);
    await expectClose(x, embeddingReference(prefix, tokens, wte, from, { B, P, S, D }));
  });
});

it.each(['f32', 'f16'] as const)('a %s wte is bound in ranges of rows', async (dtype) => {
  const [B, P, S, D, rows] = [3, 2, 5, 16, 401];
  const [prefix, wpe] = [normals(B * P * D, 1), normals((P + S) * D, 3)];
  const wte = halfNormals(rows * D, 2);
  const random = new Random(9);
  const tokens = Uint32Array.from({ length: B * S }, () => random.integer(rows));
  tokens.set([0, 63, 64, 127, 128, rows - 1]);
  const x = output(gpu.runner, [B, P + S, D]);
  const narrow = new KernelRunner(gpu.runner.gpu, 4096);
  await run(
    narrow,
    embeddingForward(narrow, {
      prefix: input(narrow, [B, P, D], prefix),
      tokens: input(narrow, [B, S], tokens),
      wte: storedMatrix(narrow, dtype, [rows, D], wte),
      wpe: input(narrow, [P + S, D], wpe),
      x,
    }),
  );
  await expectClose(x, embeddingReference(prefix, tokens, wte, wpe, { B, P, S, D }));
});
