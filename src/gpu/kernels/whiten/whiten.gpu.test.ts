import { describe, expect, it } from 'vitest';
import {
  expectClose,
  input,
  normals,
  output,
  RAGGED,
  run,
  withRunner,
} from '../../testing/harness';
import { whiten } from './whiten';
import { whitenReference } from './whiten.reference';

const gpu = withRunner();

async function runWhiten(
  x: Float32Array,
  lengths: Uint32Array,
  shiftMean: boolean,
  rootDeviation = false,
) {
  const { runner } = gpu;
  const shape = [lengths.length, x.length / lengths.length];
  const out = output(runner, shape);
  await run(
    runner,
    whiten(runner, {
      x: input(runner, shape, x),
      lengths: input(runner, [lengths.length], lengths),
      out,
      shiftMean,
      rootDeviation,
    }),
  );
  return out;
}

describe.each([true, false])('whiten, shiftMean %s', (shiftMean) => {
  it.each(RAGGED)('agrees with the reference for 7 × %i tokens', async (T) => {
    const x = normals(7 * T, 1, 3).map((value) => value + 20);
    const lengths = Uint32Array.from({ length: 7 }, (_, b) => Math.max(T - 9 * b, b % 2));
    await expectClose(
      await runWhiten(x, lengths, shiftMean),
      whitenReference(x, lengths, shiftMean),
    );
  });

  it('divides by the root of the deviation where told to', async () => {
    const x = normals(5 * 13, 2, 7);
    const lengths = Uint32Array.of(13, 2, 9, 13, 1);
    await expectClose(
      await runWhiten(x, lengths, shiftMean, true),
      whitenReference(x, lengths, shiftMean, true),
    );
  });

  it.each([0.1, 1 / 3, 50.7])('equal values of %f have deviation 0', async (value) => {
    const x = new Float32Array(5 * 67).fill(value);
    const out = await runWhiten(x, new Uint32Array(5).fill(67), shiftMean);
    const actual = await out.read();
    expect(new Set(actual)).toEqual(new Set([shiftMean ? 0 : Math.fround(value)]));
  });

  it('a batch without tokens gives zeros', async () => {
    await expectClose(
      await runWhiten(normals(6, 1), new Uint32Array(2), shiftMean),
      new Float64Array(6),
    );
  });
});
