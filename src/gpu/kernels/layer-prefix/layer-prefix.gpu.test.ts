import { describe, expect, it } from 'vitest';
import {
  expectClose,
  input,
  normals,
  POISON,
  output,
  RAGGED,
  run,
  withRunner,
} from '../../testing/harness';
import { putLayerPrefix, takeLayerPrefix } from './layer-prefix';

const gpu = withRunner();

/** Calls `visit` with the places of each key and value of a layer in the prefix and in qkv. */
function eachElement(
  { B, P, N, L, D }: Record<'B' | 'P' | 'N' | 'L' | 'D', number>,
  layer: number,
  visit: (inPrefix: number, inQkv: number) => void,
) {
  for (let b = 0; b < B; b++)
    for (let p = 0; p < P; p++)
      for (let part = 0; part < 2; part++)
        for (let d = 0; d < D; d++)
          visit(
            (((b * P + p) * N + layer) * 2 + part) * D + d,
            ((b * L + p) * 3 + 1 + part) * D + d,
          );
}

describe.each(RAGGED)('a deep prefix of width %i', (D) => {
  const sizes = { B: 2, P: 3, N: 2, L: 5, D };
  const { B, P, N, L } = sizes;
  const shapes = { prefix: [B, P, N, 2, D], qkv: [B, L, 3 * D] };

  it.each([0, 1])('is put into layer %i, and nothing else is touched', async (layer) => {
    const { runner } = gpu;
    const prefix = normals(B * P * N * 2 * D, 1);
    const qkv = output(runner, shapes.qkv);
    const tensors = { prefix: input(runner, shapes.prefix, prefix), qkv, layer };
    await run(runner, putLayerPrefix(runner, tensors));
    const expected = new Float32Array(qkv.size).fill(POISON);
    eachElement(sizes, layer, (from, to) => (expected[to] = prefix[from]!));
    await expectClose(qkv, expected, 0);
  });

  it.each([0, 1])('takes its gradient out of layer %i', async (layer) => {
    const { runner } = gpu;
    const before = normals(B * L * 3 * D, 2);
    const dqkv = input(runner, shapes.qkv, before);
    const dprefix = output(runner, shapes.prefix);
    await run(runner, takeLayerPrefix(runner, { dprefix, dqkv, layer }));
    const expected = new Float32Array(dprefix.size).fill(POISON);
    const left = Float32Array.from(before);
    eachElement(sizes, layer, (to, from) => {
      expected[to] = before[from]!;
      left[from] = 0;
    });
    expect(left).not.toEqual(before);
    await expectClose(dprefix, expected, 0);
    await expectClose(dqkv, left, 0);
  });
});
