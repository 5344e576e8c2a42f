import { describe, expect, it } from 'vitest';
import {
  centralDifferences,
  expectArraysClose,
  expectClose,
  input,
  normals,
  output,
  run,
  withRunner,
} from '../../testing/harness';
import { attentionBackward, attentionForward } from './attention';
import { attentionBackwardReference, attentionReference } from './attention.reference';

const gpu = withRunner();

/**
 * B, L, H, E: rows round the 64 of a workgroup and the 4 taken together, heads round the 4 of a vector.
 * Few head sizes, for each is compiled.
 */
const SHAPES = [
  [1, 1, 1, 3],
  [3, 5, 3, 3],
  [2, 32, 1, 3],
  [1, 63, 1, 4],
  [1, 65, 1, 4],
  [2, 19, 4, 16],
  [1, 17, 2, 61],
  [1, 7, 1, 128],
] as const;

/** By one position an invocation, as on a GPU, and by two. */
const CASES = [
  ...SHAPES.map((sizes) => ['two', true, ...sizes] as const),
  ['two', false, 3, 5, 3, 3],
  ['two', false, 1, 65, 1, 4],
  ['two', false, 2, 20, 4, 16],
  ['one', true, 1, 65, 1, 4],
  ['one', true, 2, 19, 4, 16],
  ['one', false, 2, 19, 4, 16],
] as const;

describe.each(CASES)(
  'attention by %s, causal %s, B %i, L %i, H %i, E %i',
  (positions, causal, B, L, H, E) => {
    const paired = positions === 'two';
    const shape = { B, L, H, E };
    const qkv = normals(B * L * 3 * H * E, 1, 1.5);

    it('forward agrees with the reference', async () => {
      const { runner } = gpu;
      const out = output(runner, [B, L, H * E]);
      const lse = output(runner, [B, H, L]);
      const tensors = { qkv: input(runner, [B, L, 3 * H * E], qkv), out, lse, causal, paired };
      await run(runner, attentionForward(runner, tensors));
      const reference = attentionReference(qkv, shape, causal);
      await expectClose(out, reference.out);
      await expectClose(lse, reference.lse);
    });

    it('backward agrees with the reference', async () => {
      const { runner } = gpu;
      const { out, lse } = attentionReference(qkv, shape, causal);
      const dout = normals(B * L * H * E, 2);
      const dqkv = output(runner, [B, L, 3 * H * E]);
      const dispatches = await attentionBackward(runner, {
        qkv: input(runner, [B, L, 3 * H * E], qkv),
        out: input(runner, [B, L, H * E], Float32Array.from(out)),
        lse: input(runner, [B, H, L], Float32Array.from(lse)),
        dout: input(runner, [B, L, H * E], dout),
        dqkv,
        delta: output(runner, [B, H, L]),
        causal,
        paired,
      });
      for (const dispatch of dispatches) await run(runner, Promise.resolve(dispatch));
      await expectClose(dqkv, attentionBackwardReference(dout, qkv, shape, causal));
    });
  },
);

/** The last N of 19 positions have queries, of the first G gradients are wanted; odd, even, all, one. */
const PARTS = [
  ['one', 12, 19],
  ['one', 19, 4],
  ['two', 12, 19],
  ['two', 19, 5],
  ['two', 7, 15],
  ['two', 1, 18],
] as const;

it.each(PARTS)('by %s, the last %i have queries, the first %i gradients', async (by, N, G) => {
  const { runner } = gpu;
  const [B, L, H, E] = [2, 19, 4, 16];
  const D = H * E;
  const paired = by === 'two';
  const values = normals(B * L * 3 * D, 1, 1.5);
  const qkv = input(runner, [B, L, 3 * D], values);
  /** Rows of the last N positions. */
  const last = (all: Float64Array | Float32Array, width: number) =>
    all.filter((_, i) => Math.floor(i / width) % L >= L - N);
  const [out, lse] = [output(runner, [B, N, D]), output(runner, [B, H, N])];
  await run(runner, attentionForward(runner, { qkv, out, lse, paired }));
  const reference = attentionReference(values, { B, L, H, E });
  await expectClose(out, last(reference.out, D));
  await expectClose(lse, last(reference.lse, 1));

  const dout = normals(B * L * D, 2).map((v, i) => (Math.floor(i / D) % L >= L - N ? v : 0));
  const dqkv = output(runner, [B, G, 3 * D]);
  await run(
    runner,
    attentionBackward(runner, {
      qkv,
      out,
      lse,
      dout: input(runner, [B, N, D], last(dout, D) as Float32Array),
      dqkv,
      delta: output(runner, [B, H, N]),
      paired,
    }),
  );
  const expected = attentionBackwardReference(dout, values, { B, L, H, E });
  await expectClose(
    dqkv,
    expected.filter((_, i) => Math.floor(i / (3 * D)) % L < G),
  );
});

it('what pads a sequence behind its end changes nothing before it, to the bit', async () => {
  const { runner } = gpu;
  const [B, L, H, E, end] = [2, 9, 2, 8, 5];
  const D = H * E;
  const dout = normals(B * L * D, 2).map((v, i) => (Math.floor(i / D) % L < end ? v : 0));
  const before = async (padding: number) => {
    const values = normals(B * L * 3 * D, 1).map((v, i) =>
      Math.floor(i / (3 * D)) % L < end ? v : padding * v,
    );
    const [out, dqkv] = [output(runner, [B, L, D]), output(runner, [B, L, 3 * D])];
    const [lse, delta] = [output(runner, [B, H, L]), output(runner, [B, H, L])];
    const qkv = input(runner, [B, L, 3 * D], values);
    await run(runner, attentionForward(runner, { qkv, out, lse }));
    const backward = { qkv, out, lse, dout: input(runner, [B, L, D], dout), dqkv, delta };
    await run(runner, attentionBackward(runner, backward));
    const rows = async (tensor: typeof out, width: number) =>
      [...(await tensor.read())].filter((_, i) => Math.floor(i / width) % L < end);
    return [await rows(out, D), await rows(dqkv, 3 * D)];
  };
  expect(await before(7)).toEqual(await before(1));
});

it('large scores neither overflow nor vanish', async () => {
  const { runner } = gpu;
  const shape = { B: 1, L: 6, H: 1, E: 4 };
  const qkv = normals(6 * 12, 1, 40);
  const out = output(runner, [1, 6, 4]);
  const lse = output(runner, [1, 1, 6]);
  await run(runner, attentionForward(runner, { qkv: input(runner, [1, 6, 12], qkv), out, lse }));
  await expectClose(out, attentionReference(qkv, shape).out, 1e-4);
});

it('refuses a head beyond 128', () => {
  const { runner } = gpu;
  const [qkv, out] = [output(runner, [1, 1, 3 * 129]), output(runner, [1, 1, 129])];
  const lse = output(runner, [1, 1, 1]);
  expect(() => attentionForward(runner, { qkv, out, lse })).toThrow(RangeError);
});

it.each([true, false])(
  'the backward reference is the forward one’s gradient, causal %s',
  (causal) => {
    const shape = { B: 2, L: 4, H: 2, E: 3 };
    const qkv = normals(2 * 4 * 3 * 6, 1);
    const dout = normals(2 * 4 * 6, 2);
    const numeric = centralDifferences(
      (at) =>
        attentionReference(at, shape, causal).out.reduce((sum, y, i) => sum + y * dout[i]!, 0),
      qkv,
    );
    expectArraysClose(attentionBackwardReference(dout, qkv, shape, causal), numeric);
    expect(numeric.some((g) => Math.abs(g) > 1e-3)).toBe(true);
  },
);
