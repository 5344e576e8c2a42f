/**
 * What decides a projector's tensors and its prefix: kind and sizes.
 * Letters: R rows, E CLIP width, P prefix length, D LM width, N LM layers.
 */
import type { Gpt2Config } from '../../frozen/gpt2/weights';
import type { Config } from '../config';

export type ProjectorKind = Config['projector'];

export interface ProjectorShape {
  kind: ProjectorKind;
  /** Hidden layers of an MLP, 0 of `linear`; blocks of a transformer. */
  layers: number;
  E: number;
  P: number;
  D: number;
  N: number;
}

/** The one that a run trains. */
export const shapeOf = (
  { projector: kind, projectorLayers, prefixLength: P }: Config,
  { n_embd: D, n_layer: N }: Gpt2Config,
  E: number,
): ProjectorShape => ({ kind, layers: kind === 'linear' ? 0 : projectorLayers, E, P, D, N });

/** A picture's prefix: vectors that the LM reads as if they were words, or keys and values of every layer. */
export const prefixExtents = ({
  kind,
  P,
  D,
  N,
}: Pick<ProjectorShape, 'kind' | 'P' | 'D' | 'N'>): readonly number[] =>
  kind === 'deep' ? [P, N, 2, D] : [P, D];

export const sizeOf = (extents: readonly number[]): number =>
  extents.reduce((product, extent) => product * extent, 1);
