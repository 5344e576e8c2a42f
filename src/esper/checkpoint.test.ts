import { describe, expect, it } from 'vitest';
import { Fault } from '../faults';
import { writeSafetensors } from '../math/safetensors';
import { exportProjector, importProjector } from './checkpoint';
import { initialProjector, PROJECTOR_NAMES, projectorShapes } from './projector';

const shape = { E: 6, P: 2, D: 8 };
const models = { lm: 'shapes/gpt2', clip: 'shapes/clip' };
const values = initialProjector(shape, 5);
const exported = exportProjector(values, shape, models, 'raw', 12);

const faultOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
  return expect.fail('nothing was thrown');
};

describe('projector file', () => {
  it('comes back to the bit, with the updates it was trained for', () => {
    expect(importProjector('p', exported, shape, models)).toEqual({
      values,
      convention: 'raw',
      update: 12,
    });
  });

  it.each([1, 7, 40, exported.length - 1])('cut after %i bytes is refused', (length) => {
    const fault = faultOf(() => importProjector('p', exported.slice(0, length), shape, models));
    expect(fault.kind).toBe('bad-file');
  });

  it('of another prefix length or another model says which', () => {
    expect(faultOf(() => importProjector('p', exported, { ...shape, P: 3 }, models))).toEqual({
      kind: 'mismatch',
      file: 'p',
      differences: ['prefix_length is 2 in the file, 3 on this page'],
    });
    const other = { ...models, lm: 'openai-community/gpt2' };
    expect(faultOf(() => importProjector('p', exported, shape, other)).kind).toBe('mismatch');
  });

  it('without metadata is judged by its shapes', () => {
    const shapes = projectorShapes(shape);
    const tensors = new Map(
      PROJECTOR_NAMES.map((name) => [
        `policy.model.${name}`,
        { shape: shapes[name], data: values[name] },
      ]),
    );
    expect(importProjector('p', writeSafetensors(tensors), shape, models).values).toEqual(values);
    const fault = faultOf(() =>
      importProjector('p', writeSafetensors(tensors), { ...shape, D: 16 }, models),
    );
    expect(fault).toMatchObject({ kind: 'bad-file' });
    expect(JSON.stringify(fault)).toContain('it must be [16, 6]');
  });

  it('with a divider or features that the page does not know is refused', () => {
    const file = (metadata: Record<string, string>) =>
      writeSafetensors(
        new Map(
          PROJECTOR_NAMES.map((n) => [n, { shape: projectorShapes(shape)[n], data: values[n] }]),
        ),
        metadata,
      );
    const problemOf = (metadata: Record<string, string>) =>
      faultOf(() => importProjector('p', file(metadata), shape, models));
    expect(problemOf({ feature_convention: 'whitened' })).toMatchObject({
      problem: 'feature_convention is whitened, it must be raw or unit',
    });
    for (const divider of ['0', '-1', 'none', 'Infinity'])
      expect(problemOf({ divider })).toMatchObject({
        problem: `divider is ${divider}, it must be a positive number`,
      });
  });

  it('with a value that is not finite is refused', () => {
    const broken = { ...values, 'clip_project.model.0.bias': new Float32Array(8).fill(NaN) };
    const file = exportProjector(broken, shape, models, 'raw', 1);
    expect(faultOf(() => importProjector('p', file, shape, models))).toMatchObject({
      problem: 'clip_project.model.0.bias has values that are not finite numbers',
    });
  });
});
