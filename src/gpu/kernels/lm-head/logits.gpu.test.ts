/** Both products against plain f64, with a head in one range and in several. */
import { describe, expect, it } from 'vitest';
import { KernelRunner } from '../../kernel';
import {
  expectArraysClose,
  expectClose,
  halfNormals,
  input,
  normals,
  output,
  run,
  storedMatrix,
  withRunner,
} from '../../testing/harness';
import { logitsBackward, logitsForward } from './logits';

const gpu = withRunner();

describe.each(['f32', 'f16'] as const)('logits of a head in %s', (dtype) => {
  it.each([
    { R: 1, D: 64, V: 301, binding: undefined },
    { R: 3, D: 64, V: 301, binding: 64 * 4 * 100 },
    { R: 5, D: 128, V: 96, binding: 128 * 2 * 33 },
  ])('and their gradient: %o', async ({ R, D, V, binding }) => {
    const runner = new KernelRunner(gpu.runner.gpu, binding);
    const states = normals(R * D, 1);
    const weights = halfNormals(V * D, 2);
    const dlogits = normals(R * V, 3);
    const head = storedMatrix(runner, dtype, [V, D], weights);
    const at = (r: number, v: number) => {
      let sum = 0;
      for (let d = 0; d < D; d++) sum += states[r * D + d]! * weights[v * D + d]!;
      return sum;
    };
    const logits = output(runner, [R, V]);
    const forward = await logitsForward(runner, {
      states: input(runner, [R, D], states),
      head,
      logits,
    });
    if (binding) expect(forward.steps.length).toBeGreaterThan(2);
    await run(runner, Promise.resolve(forward.steps));
    await expectClose(
      logits,
      Array.from({ length: R * V }, (_, i) => at(Math.floor(i / V), i % V)),
    );

    const dstates = output(runner, [R, D]);
    const backward = await logitsBackward(runner, {
      states: dstates,
      head,
      logits: input(runner, [R, V], dlogits),
    });
    await run(runner, Promise.resolve(backward.steps));
    const expected = Array.from({ length: R * D }, (_, i) => {
      let sum = 0;
      for (let v = 0; v < V; v++)
        sum += dlogits[Math.floor(i / D) * V + v]! * weights[v * D + (i % D)]!;
      return sum;
    });
    expectArraysClose(await dstates.read(), expected, 1e-4);
  });
});
