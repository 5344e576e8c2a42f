import { describe, it } from 'vitest';
import { expectClose, input, normals, output, run, withRunner } from '../../testing/harness';
import { columnSum } from './column-sum';
import { columnSumReference } from './column-sum.reference';

const gpu = withRunner();
/** Round the 4 lanes and 16 columns of a workgroup. */
const SIZES = [1, 3, 15, 16, 17, 101];

describe.each(SIZES)('column sum over %i rows', (M) => {
  it.each(SIZES)('of %i columns', async (N) => {
    const { runner } = gpu;
    const x = normals(M * N, 1);
    const out = output(runner, [N]);
    await run(runner, columnSum(runner, { x: input(runner, [M, N], x), out }));
    await expectClose(out, columnSumReference(x, N));
  });

  it('added to what out holds', async () => {
    const { runner } = gpu;
    const x = normals(M * 7, 1);
    const before = normals(7, 2);
    const out = input(runner, [7], before);
    await run(runner, columnSum(runner, { x: input(runner, [M, 7], x), out, accumulate: true }));
    await expectClose(
      out,
      columnSumReference(x, 7).map((sum, n) => sum + before[n]!),
    );
  });
});
