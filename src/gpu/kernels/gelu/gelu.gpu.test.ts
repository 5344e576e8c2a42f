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
import { geluBackward, geluForward } from './gelu';
import { geluBackwardReference, geluReference } from './gelu.reference';

const gpu = withRunner();

/** Normal values, and ends where a naive tanh overflows. */
function inputs(n: number): Float32Array {
  const x = normals(n, 1, 3);
  x.set([-1000, 60, -60, 0].slice(0, Math.floor(n / 2)));
  return x;
}

describe.each(RAGGED)('gelu of %i elements', (n) => {
  const x = inputs(n);

  it('forward agrees with the reference', async () => {
    const { runner } = gpu;
    const out = output(runner, [n]);
    await run(runner, geluForward(runner, { x: input(runner, [n], x), out }));
    await expectClose(out, geluReference(x));
  });

  it('backward agrees with the reference', async () => {
    const { runner } = gpu;
    const dout = normals(n, 2);
    const dinp = output(runner, [n]);
    const tensors = { dout: input(runner, [n], dout), x: input(runner, [n], x), dinp };
    await run(runner, geluBackward(runner, tensors));
    await expectClose(dinp, geluBackwardReference(dout, x));
  });
});

it('the backward reference is the gradient of the forward reference', () => {
  const dout = normals(20, 2);
  const numeric = centralDifferences(
    (x) => geluReference(x).reduce((sum, y, i) => sum + y * dout[i]!, 0),
    normals(20, 1, 2),
  );
  expectArraysClose(geluBackwardReference(dout, normals(20, 1, 2)), numeric);
});
