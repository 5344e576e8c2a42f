import { describe, it } from 'vitest';
import { Random } from '../../../math/random';
import {
  expectClose,
  input,
  normals,
  output,
  RAGGED,
  run,
  withRunner,
} from '../../testing/harness';
import { gather } from './gather';

const gpu = withRunner();

describe.each(RAGGED)('gather of rows of %i columns', (C) => {
  it.each([1, 7, 64])('copies %i rows exactly', async (R) => {
    const N = 11;
    const source = normals(N * C, 1);
    const random = new Random(2);
    const index = Uint32Array.from({ length: R }, () => random.integer(N));
    const out = output(gpu.runner, [R, C]);
    await run(
      gpu.runner,
      gather(gpu.runner, {
        source: input(gpu.runner, [N, C], source),
        index: input(gpu.runner, [R], index),
        out,
      }),
    );
    const expected = Array.from(index).flatMap((row) =>
      Array.from(source.subarray(row * C, (row + 1) * C)),
    );
    await expectClose(out, expected, 0);
  });
});
