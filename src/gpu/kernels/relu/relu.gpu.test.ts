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
import { reluBackward, reluForward } from './relu';
import { reluBackwardReference, reluReference } from './relu.reference';

const gpu = withRunner();

describe.each(RAGGED)('relu of %i elements', (n) => {
  const x = normals(n, 1, 3);
  x.set([0, -0].slice(0, Math.floor(n / 2)));

  it('forward agrees with the reference', async () => {
    const { runner } = gpu;
    const y = output(runner, [n]);
    await run(runner, reluForward(runner, { x: input(runner, [n], x), y }));
    await expectClose(y, reluReference(x), 0);
  });

  it('backward agrees with the reference', async () => {
    const { runner } = gpu;
    const dout = normals(n, 2);
    const y = Float32Array.from(reluReference(x));
    const dx = output(runner, [n]);
    const tensors = { dout: input(runner, [n], dout), y: input(runner, [n], y), dx };
    await run(runner, reluBackward(runner, tensors));
    await expectClose(dx, reluBackwardReference(dout, y), 0);
  });
});

it('the backward reference is the gradient of the forward reference', () => {
  const dout = normals(20, 2);
  const numeric = centralDifferences(
    (x) => reluReference(x).reduce((sum, y, i) => sum + y * dout[i]!, 0),
    normals(20, 1, 2),
  );
  expectArraysClose(reluBackwardReference(dout, reluReference(normals(20, 1, 2))), numeric);
});
