/**
 * The projector, the only network that learns: h = tanh(W1·(f / divider) + b1), p = W2·h + b2, and the
 * prefix is p as [P, D], row-major (arXiv 2205.12630, section 3; released trainer's clip_project).
 * Letters: R rows, E CLIP width, P prefix length, D LM width, hidden = D·P / 2.
 */
import type { Gpu } from '../gpu/device';
import type { Tensor } from '../gpu/tensor';
import { Random } from '../math/random';
import { createParameter, destroyParameter, type Parameter } from './parameters';
import type { ParameterState } from './run-state';

/** Streams of the seed that no update's sampling uses. */
const INITIAL_STREAM = 0xf0000000;

export interface ProjectorShape {
  E: number;
  P: number;
  D: number;
}

/** Tensor names of the released checkpoint, in the order of the layers; PyTorch Linear: [out, in]. */
export const PROJECTOR_NAMES = [
  'clip_project.model.0.weight',
  'clip_project.model.0.bias',
  'clip_project.model.2.weight',
  'clip_project.model.2.bias',
] as const;
export type ProjectorName = (typeof PROJECTOR_NAMES)[number];

export const hiddenWidth = ({ P, D }: ProjectorShape): number => (D * P) / 2;

/** The released trainer's scaling of the CLIP feature. */
export const featureDivider = ({ E, P, D }: ProjectorShape): number => Math.sqrt((D * P) / E);

/**
 * What a projector was trained on: CLIP's features as they come, or brought to unit length first. The
 * page trains on raw ones; the released trainer under fp16 and ClipCap with `normalize_prefix` do not.
 */
export const FEATURE_CONVENTIONS = ['raw', 'unit'] as const;
export type FeatureConvention = (typeof FEATURE_CONVENTIONS)[number];

/** Raw features [n, E] as the first layer reads them: [n, E]. */
export function projectorInput(
  features: Float32Array,
  shape: ProjectorShape,
  convention: FeatureConvention,
): Float32Array<ArrayBuffer> {
  const divider = featureDivider(shape);
  if (convention === 'raw') return Float32Array.from(features, (value) => value / divider);
  const input = new Float32Array(features.length);
  for (let start = 0; start < input.length; start += shape.E) {
    const feature = features.subarray(start, start + shape.E);
    const length = Math.hypot(...feature) || 1; // unused rows of a table are 0
    input.set(
      feature.map((value) => value / length / divider),
      start,
    );
  }
  return input;
}

export function projectorShapes(shape: ProjectorShape): Record<ProjectorName, readonly number[]> {
  const hidden = hiddenWidth(shape);
  return {
    'clip_project.model.0.weight': [hidden, shape.E],
    'clip_project.model.0.bias': [hidden],
    'clip_project.model.2.weight': [shape.D * shape.P, hidden],
    'clip_project.model.2.bias': [shape.D * shape.P],
  };
}

/** U(±1/sqrt(fan_in)) for weights and biases, as torch.nn.Linear starts. */
export function initialProjector(
  shape: ProjectorShape,
  seed: number,
): Record<ProjectorName, Float32Array> {
  const shapes = projectorShapes(shape);
  const fanIn = (name: ProjectorName) => (name.includes('.0.') ? shape.E : hiddenWidth(shape));
  const draw = (name: ProjectorName, stream: number) => {
    const random = new Random(seed, stream);
    const bound = 1 / Math.sqrt(fanIn(name));
    const size = shapes[name].reduce((product, extent) => product * extent, 1);
    return Float32Array.from({ length: size }, () => random.between(-bound, bound));
  };
  return Object.fromEntries(
    PROJECTOR_NAMES.map((name, i) => [name, draw(name, INITIAL_STREAM + i)]),
  ) as Record<ProjectorName, Float32Array>;
}

export type ProjectorValues = Readonly<Record<ProjectorName, Float32Array>>;

export const isProjectorName = (name: string): name is ProjectorName =>
  PROJECTOR_NAMES.some((known) => known === name);

/** The projector's values of all that is trained. */
export const projectorValues = (parameters: readonly ParameterState[]): ProjectorValues =>
  Object.fromEntries(
    parameters.filter(({ name }) => isProjectorName(name)).map(({ name, value }) => [name, value]),
  ) as ProjectorValues;

/** The four tensors on the GPU, with what AdamW keeps of each. */
export class Projector {
  readonly shape: ProjectorShape;
  convention: FeatureConvention = 'raw';
  readonly parameters: readonly Parameter[];

  constructor(gpu: Gpu, shape: ProjectorShape, values: ProjectorValues) {
    this.shape = shape;
    const shapes = projectorShapes(shape);
    this.parameters = PROJECTOR_NAMES.map((name) =>
      createParameter(gpu, name, shapes[name], values[name]),
    );
  }

  get weights(): Readonly<Record<ProjectorName, Tensor>> {
    return Object.fromEntries(
      this.parameters.map((parameter) => [parameter.name, parameter.value]),
    ) as Record<ProjectorName, Tensor>;
  }

  /** Raw features [n, E] as the first layer reads them. */
  input(features: Float32Array): Float32Array<ArrayBuffer> {
    return projectorInput(features, this.shape, this.convention);
  }

  /** Overwrites the weights; AdamW's moments stay. */
  write(values: ProjectorValues): void {
    for (const name of PROJECTOR_NAMES) this.weights[name].write(values[name]);
  }

  destroy(): void {
    for (const parameter of this.parameters) destroyParameter(parameter);
  }
}
