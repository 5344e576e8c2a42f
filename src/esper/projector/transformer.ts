/**
 * ClipCap's TransformerMapper (Mokady et al. 2021; the released trainer's use_transformer_mapper): the feature
 * becomes P vectors, P learned constants follow them, and what blocks of self-attention make of the constants
 * is the prefix. Sources of names and sizes: rmokady/CLIP_prefix_caption train.py, JiwanChung/esper
 * train/code/clipcap.py. Letters: R pictures, C = 2P positions, M = R · C rows, D width.
 */
import { Clear } from '../../gpu/copies';
import type { KernelRunner, Step } from '../../gpu/kernel';
import { MAX_HEAD_SIZE } from '../../gpu/kernels/attention/attention';
import { columns } from '../../gpu/kernels/columns/columns';
import { gather } from '../../gpu/kernels/gather/gather';
import type { Gradient } from '../../gpu/kernels/gradient';
import { matmul } from '../../gpu/kernels/matmul/matmul';
import type { Tensor } from '../../gpu/tensor';
import {
  type ProjectorBackward,
  type ProjectorForward,
  type ProjectorTensors,
  type RowFloats,
  Workbench,
} from './pass';
import type { ProjectorShape } from './shape';
import { CONSTANTS, LINEAR } from './tensors';
import { blockBackward } from './transformer-block-backward';
import {
  BLOCK_FLOATS,
  type BlockSizes,
  transformerBlock,
  type TransformerBlock,
} from './transformer-block';

const RELEASED_HEADS = 8;

/** 8 heads as released, or the most below that divide a width that 8 does not. */
export function mapperHeads(D: number): number {
  let heads = RELEASED_HEADS;
  while (D % heads !== 0) heads--;
  return heads;
}

/** What is wrong with a width, in words; undefined where nothing is. */
export function mapperProblem(D: number): string | undefined {
  const heads = mapperHeads(D);
  if (D / heads <= MAX_HEAD_SIZE) return undefined;
  return `the transformer projector has ${heads} heads of ${D / heads} at this language model’s width of ${D}; our kernels take at most ${MAX_HEAD_SIZE} a head: choose mlp, linear or deep`;
}

export function transformerRowFloats({ layers, E, P, D }: ProjectorShape): RowFloats {
  const row = 2 * P * D; // of all positions of one picture
  return {
    forward: E + 2 * row + layers * BLOCK_FLOATS.forward * row,
    backward: 2 * row + layers * BLOCK_FLOATS.backward * row,
  };
}

export async function transformerForward(
  runner: KernelRunner,
  { layers, E, P, D }: ProjectorShape,
  weights: ProjectorTensors,
  R: number,
  prefix: Tensor,
): Promise<ProjectorForward> {
  const bench = new Workbench(runner.gpu);
  const half = P * D;
  const sizes: BlockSizes = { R, C: 2 * P, D, heads: mapperHeads(D) };
  const features = bench.tensor('features', [R, E]);
  const seen = bench.tensor('seen', [R, half]);
  const constants = bench.tensor('constants', [R, half]);
  const first = bench.tensor('positions', [R, 2 * half]);
  const blocks: TransformerBlock[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const x = blocks.at(-1)?.out ?? first;
    blocks.push(await transformerBlock(runner, weights, layer, sizes, bench, x));
  }
  const ends = await bench.dispatches([
    matmul(runner, {
      a: features,
      b: weights[`${LINEAR}.weight`]!,
      bias: weights[`${LINEAR}.bias`]!,
      out: seen,
      M: R,
      K: E,
      N: half,
      transposeB: true,
    }),
    columns(runner, { source: seen, out: first, from: 0, to: 0, count: half }),
    // Every picture has the same constants: all of the index is 0.
    gather(runner, {
      source: weights[CONSTANTS]!,
      index: bench.tensor('constants’ row', [R], 'u32'),
      out: constants,
    }),
    columns(runner, { source: constants, out: first, from: 0, to: half, count: half }),
  ]);
  const last = blocks.at(-1)?.out ?? first;
  const copyOut = await bench.dispatches([
    columns(runner, { source: last, out: prefix, rows: R, from: half, to: 0, count: half }),
  ]);
  return {
    features,
    prefix,
    steps: [...ends, ...blocks.flatMap((block) => block.steps), ...copyOut],
    backward: (dPrefix) =>
      transformerBackward(runner, weights, { features, blocks, half, sizes }, dPrefix),
    destroy: () => bench.destroy(),
  };
}

/** What the way back needs of the way there. */
interface Kept {
  features: Tensor;
  blocks: readonly TransformerBlock[];
  /** P · D */
  half: number;
  sizes: BlockSizes;
}

async function transformerBackward(
  runner: KernelRunner,
  weights: ProjectorTensors,
  { features, blocks, half, sizes }: Kept,
  dPrefix: Tensor,
): Promise<ProjectorBackward> {
  const { R, C, D } = sizes;
  const bench = new Workbench(runner.gpu);
  const gradients = new Map<string, Gradient>();
  const dLast = bench.tensor('dout', [R * C, D]);
  // The other half, of what was seen, is left 0: only the constants' positions reach the LM.
  const enter = await bench.dispatches([
    columns(runner, { source: dPrefix, out: dLast, rows: R, from: 0, to: half, count: half }),
  ]);
  const steps: Step[] = [new Clear(dLast), ...enter];
  let dStream = dLast;
  for (const block of blocks.toReversed()) {
    const back = await blockBackward(runner, weights, block, dStream, bench);
    steps.push(...back.steps);
    for (const [name, gradient] of back.gradients) gradients.set(name, gradient);
    dStream = back.dx;
  }
  const dSeen = bench.tensor('dseen', [R, half]);
  const dConstants = bench.tensor('dconstants', [R, half]);
  const leave = await bench.dispatches([
    columns(runner, { source: dStream, out: dSeen, rows: R, from: 0, to: 0, count: half }),
    columns(runner, { source: dStream, out: dConstants, rows: R, from: half, to: 0, count: half }),
  ]);
  gradients.set(`${LINEAR}.weight`, { dout: dSeen, x: features });
  gradients.set(`${LINEAR}.bias`, { rows: dSeen, R });
  gradients.set(CONSTANTS, { rows: dConstants, R });
  return { gradients, steps: [...steps, ...leave], destroy: () => bench.destroy() };
}
