/**
 * Every kind of projector, forward and backward, against PyTorch's autograd in float64
 * (models/reference/golden_projectors.py): relative error ≤ 1e-4 of the largest element.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import golden from '../../../models/reference/golden/projectors.json';
import type { KernelRunner } from '../../gpu/kernel';
import { sharedRunner } from '../../gpu/testing/harness';
import { Tensor } from '../../gpu/tensor';
import { Projector } from '../projector';
import { flatValues } from '../testing/flat-values';
import { gradientTensor } from '../testing/gradient-tensor';
import { type ProjectorShape, sizeOf } from './shape';
import { parameterCount, projectorTensors } from './tensors';
import { mapperHeads, mapperProblem } from './transformer';
import { initialProjector } from './values';

let runner: KernelRunner;
beforeAll(async () => {
  runner = await sharedRunner();
});

async function expectNear(label: string, tensor: Tensor, expected: ArrayLike<number>) {
  const actual = await tensor.read();
  expect(actual, label).toHaveLength(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  expect(scale, label).toBeGreaterThan(0);
  actual.forEach((value, i) =>
    expect(Math.abs(value - expected[i]!) / scale, `${label}[${i}]`).toBeLessThanOrEqual(1e-4),
  );
}

const CASES = golden.map((given) => ({
  ...given,
  shape: given.shape as ProjectorShape,
  name: `${given.shape.kind} of ${given.shape.layers} layers, width ${given.shape.D}`,
}));

describe.each(CASES)('$name', ({ shape, features, tensors, prefix, dPrefix, gradients }) => {
  it('has the tensors of the released module, in its order', () => {
    const found = projectorTensors(shape).map(({ name, extents }) => [name, sizeOf(extents)]);
    const values = flatValues(tensors as unknown as Record<string, readonly unknown[]>);
    const expected = Object.entries(values).map(([name, value]) => [name, value.length]);
    expect(new Map(found as [string, number][])).toEqual(new Map(expected as [string, number][]));
    expect(parameterCount(shape)).toBe(
      Object.values(values).reduce((sum, value) => sum + value.length, 0),
    );
  });

  it('gives PyTorch’s prefixes and gradients, twice', async () => {
    const { gpu } = runner;
    const R = features.length;
    const values = flatValues(tensors as unknown as Record<string, readonly unknown[]>);
    const projector = new Projector(gpu, shape, values);
    const out = new Tensor(gpu, 'prefix', [R, prefix[0]!.length]);
    const dOut = Tensor.from(gpu, 'dprefix', out.shape, Float32Array.from(dPrefix.flat()));
    const forward = await projector.forward(runner, R, out);
    const backward = await forward.backward(dOut);
    forward.features.write(projector.input(Float32Array.from(features.flat())));
    // Twice: what one run leaves must not reach the next.
    for (let pass = 0; pass < 2; pass++)
      runner.submit('projector', [...forward.steps, ...backward.steps]);
    await expectNear('prefix', out, prefix.flat());
    const expected = flatValues(gradients as unknown as Record<string, readonly unknown[]>);
    expect([...backward.gradients.keys()].toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [name, gradient] of backward.gradients)
      await expectNear(name, await gradientTensor(runner, gradient), expected[name]!);
    for (const part of [forward, backward, projector, out, dOut]) part.destroy();
  });
});

it('starts as torch.nn does: bounds by fan-in, norms at 1 and 0, constants of deviation 1', () => {
  const shape: ProjectorShape = { kind: 'transformer', layers: 1, E: 9, P: 8, D: 64, N: 2 };
  const values = initialProjector(shape, 1);
  const linear = values['clip_project.linear.weight']!;
  expect(Math.max(...linear)).toBeLessThanOrEqual(1 / 3);
  expect(Math.max(...linear)).toBeGreaterThan(0.32);
  expect(new Set(values['clip_project.transformer.layers.0.norm1.weight'])).toEqual(new Set([1]));
  expect(new Set(values['clip_project.transformer.layers.0.norm1.bias'])).toEqual(new Set([0]));
  const constants = values['clip_project.prefix_const']!;
  const square = constants.reduce((sum, value) => sum + value ** 2, 0) / constants.length;
  expect(Math.abs(square - 1)).toBeLessThan(0.2);
});

it('has 8 heads, fewer where 8 does not divide the width, and says where they are too wide', () => {
  expect([768, 64, 12, 10, 7].map(mapperHeads)).toEqual([8, 8, 6, 5, 7]);
  expect(mapperProblem(1024)).toBeUndefined();
  expect(mapperProblem(1280)).toContain('8 heads of 160');
});
