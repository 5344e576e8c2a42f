/** What every kernel test needs: a device that must exist, poisoned outputs, and comparisons that print. */
import { beforeAll, expect } from 'vitest';
import { float16ToFloat32, float32ToFloat16 } from '../../math/half-floats';
import { Random } from '../../math/random';
import { openGpu } from '../device';
import { KernelRunner, type Prepared } from '../kernel';
import { Tensor } from '../tensor';

/** Sizes that find ragged edges: 1, tile−1, tile, tile+1 and a prime. */
export const RAGGED = [1, 63, 64, 65, 101] as const;

/** What an output holds before the kernel runs; a kernel that leaves an element unwritten shows it. */
export const POISON = -12345.678;

let opened: Promise<KernelRunner> | undefined;

/**
 * The device and runner of all test files of a page, so that a pipeline compiles once for them all; a
 * lost device is followed by another. A missing adapter fails the tests.
 */
export function sharedRunner(): Promise<KernelRunner> {
  opened ??= openGpu().then((gpu) => {
    void gpu.device.lost.then(() => {
      opened = undefined;
    });
    return new KernelRunner(gpu);
  });
  return opened;
}

/** That runner for one test file, there before its tests. */
export function withRunner(): { readonly runner: KernelRunner } {
  let runner: KernelRunner | undefined;
  beforeAll(async () => {
    runner = await sharedRunner();
  });
  return {
    get runner() {
      if (!runner) throw new Error('no GPU yet');
      return runner;
    },
  };
}

/** Standard normal values, times `scale`. */
export function normals(count: number, seed: number, scale = 1): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => scale * random.normal());
}

/** The same, rounded to what f16 holds, so that a matrix is the same number stored either way. */
export function halfNormals(count: number, seed: number, scale = 1): Float32Array {
  return float16ToFloat32(float32ToFloat16(normals(count, seed, scale)));
}

/** A frozen matrix, stored as a model's weights may be. */
export function storedMatrix(
  runner: KernelRunner,
  dtype: 'f32' | 'f16',
  shape: readonly number[],
  data: Float32Array,
): Tensor {
  const values = dtype === 'f16' ? float32ToFloat16(data) : data;
  return Tensor.from(runner.gpu, 'stored matrix', shape, values);
}

/** An input tensor. */
export function input(
  runner: KernelRunner,
  shape: readonly number[],
  data: Float32Array | Uint32Array | Int32Array,
): Tensor {
  return Tensor.from(runner.gpu, 'input', shape, data);
}

/** A poisoned f32 output tensor. */
export function output(runner: KernelRunner, shape: readonly number[]): Tensor {
  const tensor = new Tensor(runner.gpu, 'output', shape);
  tensor.write(new Float32Array(tensor.size).fill(POISON));
  return tensor;
}

/** Prepares and runs one kernel, in one dispatch or several, inside an error scope. */
export async function run(
  runner: KernelRunner,
  prepared: Promise<Prepared | readonly Prepared[]>,
): Promise<void> {
  await runner.gpu.checked('kernel under test', async () => {
    runner.submit('kernel under test', [await prepared].flat());
    await runner.gpu.device.queue.onSubmittedWorkDone();
  });
}

/**
 * Element-wise closeness: |actual − expected| ≤ tolerance · max(1, max|expected|).
 * A failure prints the first offenders as a table.
 */
export async function expectClose(
  tensor: Tensor,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
): Promise<void> {
  const actual = await tensor.read();
  expect(actual.length).toBe(expected.length);
  let scale = 1;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]!));
  const offenders: string[] = [];
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!);
    if (!(error <= tolerance * scale))
      offenders.push(`${i}\t${actual[i]}\t${expected[i]}\t${error.toExponential(2)}`);
  }
  if (offenders.length > 0)
    expect.fail(
      `${offenders.length} of ${expected.length} elements are off by more than ${tolerance} × ${scale}\n` +
        `index\tactual\texpected\terror\n${offenders.slice(0, 8).join('\n')}`,
    );
}

/**
 * Central differences of a scalar function of one array: the check that a hand-written backward
 * reference is the gradient of its forward reference.
 */
export function centralDifferences(
  loss: (x: Float64Array) => number,
  x: ArrayLike<number>,
  step = 1e-5,
): Float64Array {
  const at = Float64Array.from(x);
  return at.map((value, i) => {
    at[i] = value + step;
    const above = loss(at);
    at[i] = value - step;
    const below = loss(at);
    at[i] = value;
    return (above - below) / (2 * step);
  });
}

/** The same closeness, for two arrays of plain numbers. */
export function expectArraysClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-6,
): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(actual[i]! - expected[i]!), `element ${i}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected[i]!)),
    );
}
