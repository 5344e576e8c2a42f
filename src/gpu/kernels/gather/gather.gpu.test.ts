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
import type { Tensor } from '../../tensor';
import { gather } from './gather';

const gpu = withRunner();

describe.each(RAGGED)('gather of rows of %i columns', (C) => {
  it.each([1, 7, 64])('copies %i rows exactly', async (R) => {
    const [N, V] = [11, 5];
    const { runner } = gpu;
    const data = normals(N * C, 1);
    const random = new Random(2);
    const some = (count: number, below: number) =>
      Uint32Array.from({ length: count }, () => random.integer(below));
    const source = input(runner, [N, C], data);
    const expectRows = async (out: Tensor, rows: Uint32Array) => {
      const expected = Array.from(rows).flatMap((row) => [
        ...data.subarray(row * C, (row + 1) * C),
      ]);
      await expectClose(out, expected, 0);
    };
    const index = some(R, N);
    const [out, outVia] = [output(runner, [R, C]), output(runner, [R, C])];
    await run(runner, gather(runner, { source, index: input(runner, [R], index), out }));
    await expectRows(out, index);

    const [short, via] = [some(R, V), some(V, N)];
    const indices = { index: input(runner, [R], short), via: input(runner, [V], via) };
    await run(runner, gather(runner, { source, ...indices, out: outVia }));
    await expectRows(
      outVia,
      short.map((i) => via[i]!),
    );
  });
});
