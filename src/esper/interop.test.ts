/**
 * Projector files to and from PyTorch: what models/interop/convert.py made of ClipCap's and the released
 * trainer's is imported, and gives the prefixes that their own modules gave; so does what the page exports.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import golden from '../../models/interop/golden/prefixes.json';
import { exportProjector, type ImportedProjector, importProjector } from './checkpoint';
import { projectorInput } from './projector/features';
import { featureDivider, projectorTensors } from './projector/tensors';
import { GOLDEN_MODELS, GOLDEN_SHAPE, goldenExport } from './testing/golden-export';

const fileOf = (name: string) =>
  new Uint8Array(
    readFileSync(new URL(`../../models/interop/golden/${name}.safetensors`, import.meta.url)),
  );
const imported = (name: string) => importProjector(name, fileOf(name), GOLDEN_SHAPE, GOLDEN_MODELS);

/** p = W2·tanh(W1·x + b1) + b2 of one row, in f64. */
function prefixOf({ values, convention }: ImportedProjector, feature: readonly number[]) {
  const [w1, b1, w2, b2] = projectorTensors(GOLDEN_SHAPE).map(({ name }) => values[name]);
  const { E } = GOLDEN_SHAPE;
  const divider = featureDivider(GOLDEN_SHAPE);
  const x = projectorInput(Float32Array.from(feature), E, divider, convention);
  const linear = (weight: Float32Array, bias: Float32Array, input: ArrayLike<number>) =>
    Array.from(bias, (b, row) =>
      Array.from(input).reduce((sum, value, i) => sum + weight[row * input.length + i]! * value, b),
    );
  const hidden = linear(w1!, b1!, x).map(Math.tanh);
  return linear(w2!, b2!, hidden);
}

/** The largest difference from the prefixes that PyTorch gives. */
function error(projector: ImportedProjector, expected: readonly (readonly number[])[]): number {
  const differences = golden.features.flatMap((feature, row) =>
    prefixOf(projector, feature).map((value, i) => Math.abs(value - expected[row]![i]!)),
  );
  expect(differences).toHaveLength(golden.features.length * GOLDEN_SHAPE.P * GOLDEN_SHAPE.D);
  return Math.max(...differences);
}

describe.each([
  ['clipcap', 'raw'],
  ['clipcap-unit', 'unit'],
  ['esper', 'raw'],
  ['esper-unit', 'unit'],
] as const)('a projector of %s', (name, convention) => {
  it('gives the prefixes of its own module', () => {
    expect(imported(name).convention).toBe(convention);
    expect(error(imported(name), golden.prefixes[name])).toBeLessThan(1e-5);
  });

  it('still does after an export of the page', () => {
    const { values } = imported(name);
    const file = exportProjector(values, GOLDEN_SHAPE, GOLDEN_MODELS, convention, 1);
    const again = importProjector(name, file, GOLDEN_SHAPE, GOLDEN_MODELS);
    expect(error(again, golden.prefixes[name])).toBeLessThan(1e-5);
  });
});

describe('what the page exports', () => {
  it('is, to the byte, the file that PyTorch was given', () => {
    expect(goldenExport()).toEqual(fileOf('page'));
  });

  it('gives the same prefixes here and there', () => {
    expect(error(imported('page'), golden.prefixes.page)).toBeLessThan(1e-5);
  });
});
