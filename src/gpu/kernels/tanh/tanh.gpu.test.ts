import { describe, it } from 'vitest';
import {
  centralDifferences,
  expectArraysClose,
  expectClose,
  input,
  normals,
  output,
  RAGGED,
  run,
  withRunner,
} from '../../testing/harness';
import { tanhBackward, tanhForward } from './tanh';
import { tanhBackwardReference, tanhReference } from './tanh.reference';

const gpu = withRunner();

/** Normal values, and ends where a naive tanh overflows. */
function inputs(n: number): Float32Array {
  const x = normals(n, 1, 3);
  x.set([-1000, 60, -60, 0].slice(0, Math.floor(n / 2)));
  return x;
}

describe.each(RAGGED)('tanh of %i elements', (n) => {
  const x = inputs(n);

  it('forward agrees with the reference', async () => {
    const { runner } = gpu;
    const y = output(runner, [n]);
    await run(runner, tanhForward(runner, { x: input(runner, [n], x), y }));
    await expectClose(y, tanhReference(x));
  });

  it('backward agrees with the reference', async () => {
    const { runner } = gpu;
    const dout = normals(n, 2);
    const y = Float32Array.from(tanhReference(x));
    const dx = output(runner, [n]);
    const tensors = { dout: input(runner, [n], dout), y: input(runner, [n], y), dx };
    await run(runner, tanhBackward(runner, tensors));
    await expectClose(dx, tanhBackwardReference(dout, y));
  });
});

it('the backward reference is the gradient of the forward reference', () => {
  const dout = normals(20, 2);
  const numeric = centralDifferences(
    (x) => tanhReference(x).reduce((sum, y, i) => sum + y * dout[i]!, 0),
    normals(20, 1, 2),
  );
  expectArraysClose(tanhBackwardReference(dout, tanhReference(normals(20, 1, 2))), numeric);
});
