import { describe, expect, it } from 'vitest';
import { u32 } from '../../kernel';
import { expectClose, input, normals, output, run, withRunner } from '../../testing/harness';
import { attentionReference } from '../attention/attention.reference';
import { cachedAttention } from './cached-attention';

const gpu = withRunner();

/** B, H, E, and the sizes of the parts in which the positions come. */
const CASES = [
  { B: 1, H: 1, E: 3, parts: [1] },
  { B: 3, H: 3, E: 3, parts: [5, 1, 1] },
  { B: 2, H: 4, E: 16, parts: [13, 4, 1, 1] },
  { B: 1, H: 2, E: 61, parts: [1, 65] },
  { B: 1, H: 1, E: 128, parts: [7, 1] },
];

describe.each(CASES)('cached attention B $B, H $H, E $E, in parts of $parts', (sizes) => {
  const { B, H, E, parts } = sizes;
  const D = H * E;
  const L = parts.reduce((sum, part) => sum + part, 0);
  const qkv = normals(B * L * 3 * D, 1, 1.5);
  const reference = attentionReference(qkv, { B, L, H, E });
  /** Positions from … to of an array [B, L, width]. */
  const slice = (data: ArrayLike<number>, width: number, from: number, to: number) =>
    Float32Array.from({ length: B * (to - from) * width }, (_, i) => {
      const b = Math.floor(i / ((to - from) * width));
      return data[b * L * width + from * width + (i % ((to - from) * width))]!;
    });

  it('gives what attention to the whole sequence gives', async () => {
    const { runner } = gpu;
    const cache = output(runner, [B, L + 2, 2 * D]); // poisoned beyond what was appended
    let past = 0;
    for (const N of parts) {
      const out = output(runner, [B, N, D]);
      const rows = slice(qkv, 3 * D, past, past + N);
      const dispatches = await cachedAttention(runner, {
        qkv: input(runner, [B, N, 3 * D], rows),
        cache,
        out,
        heads: H,
      });
      for (const dispatch of dispatches) {
        dispatch.setParams({ past: u32(past) });
        await run(runner, Promise.resolve(dispatch));
      }
      await expectClose(out, slice(reference.out, D, past, past + N));
      past += N;
    }
  });
});

it('begins several sequences with one', async () => {
  const { runner } = gpu;
  const [B, K, H, E, N] = [2, 3, 2, 3, 4];
  const D = H * E;
  const qkv = normals(B * (N + 1) * 3 * D, 1, 1.5);
  const expected = attentionReference(qkv, { B, L: N + 1, H, E }).out;
  const row = (data: ArrayLike<number>, b: number, width: number, from: number, to: number) =>
    Array.from({ length: (to - from) * width }, (_, i) => data[(b * (N + 1) + from) * width + i]!);
  const cache = output(runner, [B * K, N + 1, 2 * D]);
  let past = 0;
  for (const [rows, count] of [
    [B, N],
    [B * K, 1],
  ] as const) {
    const part = (data: ArrayLike<number>, width: number) =>
      Float32Array.from(
        Array.from({ length: rows }, (_, r) =>
          row(data, Math.floor((r * B) / rows), width, past, past + count),
        ).flat(),
      );
    const out = output(runner, [rows, count, D]);
    for (const dispatch of await cachedAttention(runner, {
      qkv: input(runner, [rows, count, 3 * D], part(qkv, 3 * D)),
      cache,
      out,
      heads: H,
    })) {
      dispatch.setParams({ past: u32(past) });
      await run(runner, Promise.resolve(dispatch));
    }
    await expectClose(out, part(expected, D));
    past += count;
  }
});

it('refuses heads larger than its arrays', () => {
  const { runner } = gpu;
  const cache = output(runner, [1, 1, 2 * 132]);
  const args = { qkv: output(runner, [1, 1, 3 * 132]), cache, out: output(runner, [1, 1, 132]) };
  expect(() => cachedAttention(runner, { ...args, heads: 1 })).toThrow(RangeError);
});
