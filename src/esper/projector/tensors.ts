/**
 * The tensors of each kind of projector, before they exist, by the names of the released checkpoints.
 * Letters as in shape.ts.
 */
import { prefixExtents, type ProjectorShape, sizeOf } from './shape';

/** A trained tensor before it exists. */
export interface TensorPlan {
  /** As in the released checkpoint; PyTorch's Linear is [out, in]. */
  name: string;
  extents: readonly number[];
  /** U(±1/√fanIn) as torch.nn.Linear starts, N(0, 1), or one value everywhere. */
  start: { fanIn: number } | 'normal' | 0 | 1;
}

/** Weight and bias of torch.nn.Linear. */
const linear = (name: string, fanIn: number, out: number): TensorPlan[] => [
  { name: `${name}.weight`, extents: [out, fanIn], start: { fanIn } },
  { name: `${name}.bias`, extents: [out], start: { fanIn } },
];

export const hiddenWidth = ({ kind, E, P, D }: ProjectorShape): number =>
  kind === 'deep' ? E : Math.floor((D * P) / 2);

/** Tanh counts in the released names: layers are 0, 2, 4, … */
export const layerName = (layer: number): string => `clip_project.model.${2 * layer}`;

function mlpTensors(shape: ProjectorShape): TensorPlan[] {
  const hidden = new Array<number>(shape.layers).fill(hiddenWidth(shape));
  const widths = [shape.E, ...hidden, sizeOf(prefixExtents(shape))];
  return widths.slice(1).flatMap((out, layer) => linear(layerName(layer), widths[layer]!, out));
}

export const LINEAR = 'clip_project.linear';
export const CONSTANTS = 'clip_project.prefix_const';
/** Width of a block's rectified layer in widths of the LM. */
export const MLP_RATIO = 2;

export const blockName = (layer: number, part: string): string =>
  `clip_project.transformer.layers.${layer}.${part}`;

function blockTensors(layer: number, D: number): TensorPlan[] {
  const norm = (part: string): TensorPlan[] => [
    { name: blockName(layer, `${part}.weight`), extents: [D], start: 1 },
    { name: blockName(layer, `${part}.bias`), extents: [D], start: 0 },
  ];
  const part = (name: string, fanIn: number, out: number) =>
    linear(blockName(layer, name), fanIn, out);
  return [
    ...norm('norm1'),
    part('attn.to_queries', D, D)[0]!, // the first two have no bias
    part('attn.to_keys_values', D, 2 * D)[0]!,
    ...part('attn.project', D, D),
    ...norm('norm2'),
    ...part('mlp.fc1', D, MLP_RATIO * D),
    ...part('mlp.fc2', MLP_RATIO * D, D),
  ];
}

const transformerTensors = ({ layers, E, P, D }: ProjectorShape): TensorPlan[] => [
  ...linear(LINEAR, E, P * D),
  { name: CONSTANTS, extents: [P, D], start: 'normal' },
  ...Array.from({ length: layers }, (_, layer) => blockTensors(layer, D)).flat(),
];

/** In the order of the layers; the first is the matrix that reads the feature. */
export const projectorTensors = (shape: ProjectorShape): TensorPlan[] =>
  shape.kind === 'transformer' ? transformerTensors(shape) : mlpTensors(shape);

/** By which the feature is divided before it: √(out / in) of an MLP, as released. */
export const featureDivider = (shape: ProjectorShape): number =>
  shape.kind === 'transformer' ? 1 : Math.sqrt(sizeOf(prefixExtents(shape)) / shape.E);

/** Numbers that are trained. */
export const parameterCount = (shape: ProjectorShape): number =>
  projectorTensors(shape).reduce((sum, { extents }) => sum + sizeOf(extents), 0);
