import { describe, expect, it } from 'vitest';
import { Fault } from '../faults';
import { writeSafetensors } from '../math/safetensors';
import { exportProjector, importProjector } from './checkpoint';
import type { ProjectorShape } from './projector/shape';
import { projectorTensors } from './projector/tensors';
import { initialProjector, type ProjectorValues } from './projector/values';

const shape: ProjectorShape = { kind: 'mlp', layers: 1, E: 6, P: 2, D: 8, N: 3 };
const models = { lm: 'shapes/gpt2', clip: 'shapes/clip' };
const values = initialProjector(shape, 5);
const exported = exportProjector(values, shape, models, 'raw', 12);

/** The same without metadata, or with other, as it may come from elsewhere. */
const bare = (
  of: ProjectorShape,
  tensors: ProjectorValues,
  stem = '',
  metadata: Record<string, string> = {},
) =>
  writeSafetensors(
    new Map(
      projectorTensors(of).map(({ name, extents }) => [
        stem + name,
        { shape: extents, data: tensors[name]! },
      ]),
    ),
    metadata,
  );

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
    const file = bare(shape, values, 'policy.model.');
    expect(importProjector('p', file, shape, models).values).toEqual(values);
    const fault = faultOf(() => importProjector('p', file, { ...shape, D: 16 }, models));
    expect(fault).toMatchObject({ kind: 'bad-file' });
    expect(JSON.stringify(fault)).toContain('it must be [16, 6]');
  });

  it('with a divider or features that the page does not know is refused', () => {
    const problemOf = (metadata: Record<string, string>) =>
      faultOf(() => importProjector('p', bare(shape, values, '', metadata), shape, models));
    expect(problemOf({ feature_convention: 'whitened' })).toMatchObject({
      problem: 'feature_convention is whitened, it must be raw or unit',
    });
    for (const divider of ['0', '-1', 'none', 'Infinity'])
      expect(problemOf({ divider })).toMatchObject({
        problem: `divider is ${divider}, it must be a positive number`,
      });
  });

  it.each<Partial<ProjectorShape>>([
    { kind: 'linear', layers: 0 },
    { layers: 3 },
    { kind: 'transformer', layers: 2 },
    { kind: 'deep' },
  ])('of %o comes back, and is refused where this page has another', (other) => {
    const its = { ...shape, ...other };
    const tensors = initialProjector(its, 7);
    const file = exportProjector(tensors, its, models, 'raw', 3);
    expect(importProjector('p', file, its, models).values).toEqual(tensors);
    const fault = faultOf(() => importProjector('p', file, shape, models));
    const text = other.kind
      ? `projector is ${its.kind} in the file, mlp on this page`
      : 'projector_layers is 3 in the file, 1 on this page';
    expect(fault).toMatchObject({ kind: 'mismatch' });
    expect(JSON.stringify(fault)).toContain(text);
  });

  it.each<[string, Partial<ProjectorShape>]>([
    ['projector is linear in the file, mlp on this page', { kind: 'linear', layers: 0 }],
    ['projector_layers is 3 in the file, 1 on this page', { layers: 3 }],
    ['projector is transformer in the file', { kind: 'transformer', layers: 2 }],
    ['model.0.weight is [6, 6], it must be [8, 6]', { kind: 'deep' }],
  ])('without metadata is known by its tensors: %s', (text, other) => {
    const its = { ...shape, ...other };
    const tensors = initialProjector(its, 7);
    expect(importProjector('p', bare(its, tensors), its, models).values).toEqual(tensors);
    const fault = faultOf(() => importProjector('p', bare(its, tensors), shape, models));
    expect(JSON.stringify(fault)).toContain(text);
  });

  it('with a value that is not finite is refused', () => {
    const broken = { ...values, 'clip_project.model.0.bias': new Float32Array(8).fill(NaN) };
    const file = exportProjector(broken, shape, models, 'raw', 1);
    expect(faultOf(() => importProjector('p', file, shape, models))).toMatchObject({
      problem: 'clip_project.model.0.bias has values that are not finite numbers',
    });
  });
});
