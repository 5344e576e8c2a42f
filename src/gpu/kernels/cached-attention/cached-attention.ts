/** Attention of new positions to all before them, whose keys and values are kept: what decoding needs. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { elementWorkgroups } from '../workgroups';
import appendCode from './append.wgsl?raw';
import attendCode from './attend.wgsl?raw';

/** Largest head that the kernel's arrays hold. */
const MAX_HEAD_SIZE = 128;
const WORKGROUP = 64;

/**
 * qkv [B, N, 3D]; cache [B·K, capacity, 2D], keys then values; out [B, N, D]; H heads. Where K is over 1, each
 * K consecutive rows of the cache begin with what one row of qkv says.
 */
export interface CachedAttention {
  qkv: Tensor;
  cache: Tensor;
  out: Tensor;
  heads: number;
}

/**
 * Two dispatches, to be run in order: the new keys and values go into the cache, then the new positions
 * attend. Both have the param `past`, the positions that the cache holds already: 0 until `setParams`
 * changes it. past + N must not exceed the capacity.
 */
export function cachedAttention(
  runner: KernelRunner,
  { qkv, cache, out, heads }: CachedAttention,
): Promise<[append: Dispatch, attend: Dispatch]> {
  const [B = 0, N = 0, D = 0] = out.shape;
  const [rows = 0, capacity = 0] = cache.shape;
  const K = rows / B;
  const headSize = D / heads;
  if (!Number.isInteger(headSize) || headSize > MAX_HEAD_SIZE)
    throw new RangeError(
      `attention: ${heads} heads over width ${D}; a head is at most ${MAX_HEAD_SIZE}`,
    );
  if (!Number.isInteger(K)) throw new RangeError(`attention: ${rows} rows of cache for ${B}`);
  const shared = { B: u32(B), N: u32(N), K: u32(K) };
  const place = { capacity: u32(capacity), past: u32(0) };
  return Promise.all([
    runner.prepare({
      label: 'cached attention, append',
      code: appendCode,
      overrides: { WORKGROUP },
      inputs: [qkv],
      outputs: [cache],
      params: { ...shared, D: u32(D), ...place },
      workgroups: elementWorkgroups(rows * N * 2 * D, WORKGROUP),
    }),
    runner.prepare({
      label: 'cached attention, attend',
      code: attendCode,
      overrides: { WORKGROUP, HEAD_SIZE: headSize },
      inputs: [qkv, cache],
      outputs: [out],
      params: { ...shared, H: u32(heads), ...place },
      workgroups: elementWorkgroups(B * heads * N, WORKGROUP),
    }),
  ]);
}
