import { describe, expect, it } from 'vitest';
import { Random } from '../../../math/random';
import { KernelRunner } from '../../kernel';
import {
  centralDifferences,
  expectArraysClose,
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
import { embeddingBackward, embeddingForward } from './embedding';
import { embeddingBackwardReference, embeddingReference } from './embedding.reference';

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
  ] as const)('forward and backward agree with the reference: %o', async ({ P, first, dtype }) => {
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

    if (P === 0) return;
    const dx = normals(B * L * D, 4);
    const dprefix = output(runner, [B, P, D]);
    await run(runner, embeddingBackward(runner, { dx: input(runner, [B, L, D], dx), dprefix }));
    await expectClose(dprefix, embeddingBackwardReference(dx, { B, P, S, D }));
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

it('the backward reference is the gradient of the forward reference', () => {
  const shape = { B: 2, P: 3, S: 2, D: 3 };
  const [wte, wpe, dx] = [normals(V * 3, 2), normals(5 * 3, 3), normals(2 * 5 * 3, 4)];
  const tokens = tokensOf(4);
  const numeric = centralDifferences(
    (prefix) =>
      embeddingReference(prefix, tokens, wte, wpe, shape).reduce(
        (sum, x, i) => sum + x * dx[i]!,
        0,
      ),
    normals(2 * 3 * 3, 1),
  );
  expectArraysClose(embeddingBackwardReference(dx, shape), numeric);
  expect(numeric.some((g) => Math.abs(g) > 1e-3)).toBe(true);
});
