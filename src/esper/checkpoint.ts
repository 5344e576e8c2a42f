/**
 * The trained projector as a safetensors file, by the released checkpoint's tensor names, and back.
 * The metadata says what it was trained with; a file without it is judged by its shapes and taken for a
 * raw one of the released trainer. models/interop/convert.py writes such files from PyTorch's.
 */
import { Fault } from '../faults';
import { parseSafetensors, writeSafetensors } from '../math/safetensors';
import {
  FEATURE_CONVENTIONS,
  type FeatureConvention,
  featureDivider,
  PROJECTOR_NAMES,
  type ProjectorShape,
  projectorShapes,
  type ProjectorValues,
} from './projector';

/** The models that a prefix speaks for. */
export interface ModelPair {
  lm: string;
  clip: string;
}

/** The released loader looks under this stem, inside a `state_dict`. */
const OPTIONAL_STEM = 'policy.model.';

export function exportProjector(
  values: ProjectorValues,
  shape: ProjectorShape,
  models: ModelPair,
  convention: FeatureConvention,
  update: number,
): Uint8Array<ArrayBuffer> {
  const shapes = projectorShapes(shape);
  return writeSafetensors(
    new Map(PROJECTOR_NAMES.map((name) => [name, { shape: shapes[name], data: values[name] }])),
    {
      format: 'pt',
      ...models,
      prefix_length: String(shape.P),
      divider: String(featureDivider(shape)),
      feature_convention: convention,
      fidelity: 'textbook',
      step: String(update),
    },
  );
}

export interface ImportedProjector {
  /** For this page's divider. */
  values: ProjectorValues;
  convention: FeatureConvention;
  /** Updates it was trained for; 0 where the file does not say. */
  update: number;
}

/**
 * @throws Fault bad-file where tensors are missing, truncated, misshapen or not finite; mismatch where
 * the file names other models
 */
export function importProjector(
  file: string,
  bytes: Uint8Array,
  shape: ProjectorShape,
  models: ModelPair,
): ImportedProjector {
  const { tensors, metadata } = parseSafetensors(file, bytes);
  const expected: Record<string, string> = {
    ...models,
    prefix_length: String(shape.P),
  };
  const differences = Object.entries(expected)
    .filter(([key, want]) => metadata[key] !== undefined && metadata[key] !== want)
    .map(([key, want]) => `${key} is ${metadata[key]} in the file, ${want} on this page`);
  if (differences.length > 0) throw new Fault({ kind: 'mismatch', file, differences });

  const problems: string[] = [];
  const convention = FEATURE_CONVENTIONS.find(
    (known) => known === (metadata['feature_convention'] ?? 'raw'),
  );
  if (!convention)
    problems.push(
      `feature_convention is ${metadata['feature_convention']}, it must be ${FEATURE_CONVENTIONS.join(' or ')}`,
    );
  const divider = Number(metadata['divider'] ?? featureDivider(shape));
  if (!(divider > 0 && Number.isFinite(divider)))
    problems.push(`divider is ${metadata['divider']}, it must be a positive number`);
  const shapes = projectorShapes(shape);
  const values: [string, Float32Array][] = [];
  for (const name of PROJECTOR_NAMES) {
    const tensor = tensors.get(name) ?? tensors.get(OPTIONAL_STEM + name);
    const want = shapes[name].join(', ');
    if (!tensor) {
      problems.push(`${name} is missing`);
    } else if (tensor.shape.join(', ') !== want) {
      problems.push(`${name} is [${tensor.shape.join(', ')}], it must be [${want}]`);
    } else {
      const data = tensor.values();
      if (data.every(Number.isFinite)) values.push([name, data]);
      else problems.push(`${name} has values that are not finite numbers`);
    }
  }
  if (!convention || problems.length > 0)
    throw new Fault({ kind: 'bad-file', file, problem: problems.join('; ') });
  const step = Number(metadata['step'] ?? 0);
  return {
    values: forDivider(Object.fromEntries(values) as ProjectorValues, divider, shape),
    convention,
    update: Number.isInteger(step) && step > 0 ? step : 0,
  };
}

/** W1·(f / theirs) = (W1 · ours / theirs)·(f / ours): the first layer takes up the difference. */
function forDivider(values: ProjectorValues, theirs: number, shape: ProjectorShape) {
  const scale = featureDivider(shape) / theirs;
  if (scale === 1) return values;
  const first = PROJECTOR_NAMES[0];
  return { ...values, [first]: values[first].map((value) => value * scale) };
}
