/**
 * The trained projector as a safetensors file, by the released checkpoint's tensor names, and back.
 * The metadata says what it was trained with; a file without it is judged by its shapes and taken for a
 * raw one of the released trainer. models/interop/convert.py writes such files from PyTorch's.
 */
import { Fault } from '../faults';
import { parseSafetensors, writeSafetensors } from '../math/safetensors';
import { FEATURE_CONVENTIONS, type FeatureConvention } from './projector/features';
import type { ProjectorShape } from './projector/shape';
import { featureDivider, projectorTensors } from './projector/tensors';
import type { ProjectorValues } from './projector/values';

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
  return writeSafetensors(
    new Map(
      projectorTensors(shape).map(({ name, extents }) => [
        name,
        { shape: extents, data: values[name]! },
      ]),
    ),
    {
      format: 'pt',
      ...models,
      ...structureOf(shape),
      divider: String(featureDivider(shape)),
      feature_convention: convention,
      fidelity: 'textbook',
      step: String(update),
    },
  );
}

/** As the metadata says it, and the words of a mismatch. */
const structureOf = ({ kind, layers, P }: ProjectorShape) => ({
  projector: kind,
  projector_layers: String(layers),
  prefix_length: String(P),
});

/** Kind and layers of a file that does not say them: what names can tell, read as this page's where they cannot. */
function structureInNames(
  names: readonly string[],
  { kind }: ProjectorShape,
): Record<string, string> {
  const count = (pattern: RegExp) => names.filter((name) => pattern.test(name)).length;
  const blocks = count(/clip_project\.transformer\.layers\.\d+\.norm1\.weight$/);
  const hidden = count(/clip_project\.model\.\d+\.weight$/) - 1;
  if (blocks > 0) return { projector: 'transformer', projector_layers: String(blocks) };
  if (hidden < 0) return {};
  const withHidden = kind === 'deep' ? 'deep' : 'mlp';
  return { projector: hidden === 0 ? 'linear' : withHidden, projector_layers: String(hidden) };
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
 * the file is for other models or holds another kind of projector
 */
export function importProjector(
  file: string,
  bytes: Uint8Array,
  shape: ProjectorShape,
  models: ModelPair,
): ImportedProjector {
  const { tensors, metadata } = parseSafetensors(file, bytes);
  const expected: Record<string, string> = { ...models, ...structureOf(shape) };
  const found = { ...structureInNames([...tensors.keys()], shape), ...metadata };
  const differences = Object.entries(expected)
    .filter(([key, want]) => found[key] !== undefined && found[key] !== want)
    .map(([key, want]) => `${key} is ${found[key]} in the file, ${want} on this page`);
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
  const values: [string, Float32Array][] = [];
  for (const { name, extents } of projectorTensors(shape)) {
    const tensor = tensors.get(name) ?? tensors.get(OPTIONAL_STEM + name);
    const want = extents.join(', ');
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
    values: forDivider(Object.fromEntries(values), divider, shape),
    convention,
    update: Number.isInteger(step) && step > 0 ? step : 0,
  };
}

/** W·(f / theirs) = (W · ours / theirs)·(f / ours): the first matrix takes up the difference. */
function forDivider(values: ProjectorValues, theirs: number, shape: ProjectorShape) {
  const scale = featureDivider(shape) / theirs;
  if (scale === 1) return values;
  const first = projectorTensors(shape)[0]!.name;
  return { ...values, [first]: values[first]!.map((value) => value * scale) };
}
