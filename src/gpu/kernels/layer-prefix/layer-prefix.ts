/** A deep prefix (p-tuning v2, Liu et al. 2022) in one layer: its keys and values, and their gradient. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { elementWorkgroups } from '../workgroups';
import putCode from './put.wgsl?raw';
import takeCode from './take.wgsl?raw';

const WORKGROUP = 64;

/** prefix [B, P, N, 2, D] of N layers; qkv [B, L, 3D] of layer `layer`, L ≥ P: what it computed of them is lost. */
export interface PutLayerPrefix {
  prefix: Tensor;
  qkv: Tensor;
  layer: number;
}

export const putLayerPrefix = (
  runner: KernelRunner,
  { prefix, qkv, layer }: PutLayerPrefix,
): Promise<Dispatch> =>
  runner.prepare({
    label: `layer ${layer}, prefix`,
    code: putCode,
    inputs: [prefix],
    outputs: [qkv],
    ...launch(prefix, qkv, layer),
  });

/** dprefix [B, P, N, 2, D]; dqkv [B, L, 3D], 0 afterwards where dprefix took it. */
export interface TakeLayerPrefix {
  dprefix: Tensor;
  dqkv: Tensor;
  layer: number;
}

export const takeLayerPrefix = (
  runner: KernelRunner,
  { dprefix, dqkv, layer }: TakeLayerPrefix,
): Promise<Dispatch> =>
  runner.prepare({
    label: `layer ${layer}, gradient of the prefix`,
    code: takeCode,
    inputs: [],
    outputs: [dprefix, dqkv],
    ...launch(dprefix, dqkv, layer),
  });

function launch(prefix: Tensor, qkv: Tensor, layer: number) {
  const [B = 0, P = 0, N = 0, , D = 0] = prefix.shape;
  const L = qkv.size / (B * 3 * D);
  return {
    overrides: { WORKGROUP },
    params: { B: u32(B), P: u32(P), N: u32(N), L: u32(L), D: u32(D), layer: u32(layer) },
    workgroups: elementWorkgroups(B * P * 2 * D, WORKGROUP),
  };
}
