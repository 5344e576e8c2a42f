import { describe, expect, it } from 'vitest';
import {
  expectClose,
  input,
  normals,
  output,
  POISON,
  RAGGED,
  run,
  withRunner,
} from '../../testing/harness';
import { columns } from './columns';

const gpu = withRunner();

describe.each(RAGGED)('columns of %i rows', (R) => {
  it.each([
    [0, 0, 1],
    [2, 3, 4],
    [0, 5, 6],
  ])('from %i to %i, %i of them, and no other', async (from, to, count) => {
    const source = normals(R * 6, 1);
    const out = output(gpu.runner, [R, 11]);
    await run(
      gpu.runner,
      columns(gpu.runner, { source: input(gpu.runner, [R, 6], source), out, from, to, count }),
    );
    const expected = new Float32Array(R * 11).fill(POISON);
    for (let r = 0; r < R; r++)
      for (let c = 0; c < count; c++) expected[r * 11 + to + c] = source[r * 6 + from + c]!;
    await expectClose(out, expected, 0);
  });
});

it('refuses a block that does not fit', () => {
  const source = input(gpu.runner, [2, 3], normals(6, 1));
  const out = output(gpu.runner, [2, 3]);
  expect(() => columns(gpu.runner, { source, out, from: 1, to: 0, count: 3 })).toThrow(RangeError);
});
