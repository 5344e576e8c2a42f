/** Multi-head attention from packed queries, keys and values, and their gradients. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { elementWorkgroups } from '../workgroups';
import backwardKeyValueCode from './backward-key-value.wgsl?raw';
import backwardQueryCode from './backward-query.wgsl?raw';
import forwardCode from './forward.wgsl?raw';
import head128 from './head-128.wgsl?raw';
import head16 from './head-16.wgsl?raw';
import head64 from './head-64.wgsl?raw';
import placeCode from './place.wgsl?raw';

/** Largest head that the kernels hold. */
export const MAX_HEAD_SIZE = 128;
const WORKGROUP = 64;
/** Enough workgroups for every core where there are few invocations. */
const PAIRED_WORKGROUP = 16;

/**
 * qkv [B, L, 3D]; of the last N of the L positions out [B, N, D] and lse [B, H, N], the log of each row's softmax
 * denominator.
 */
export interface AttentionForward {
  qkv: Tensor;
  out: Tensor;
  lse: Tensor;
  /** Left out, causal: each position attends to itself and those before it. */
  causal?: boolean;
  /** Two positions an invocation (place.wgsl), for tests; left out, on a software adapter. */
  paired?: boolean;
}

export function attentionForward(
  runner: KernelRunner,
  { qkv, out, lse, causal = true, paired = runner.gpu.isSoftware }: AttentionForward,
): Promise<Dispatch> {
  const sizes = sizesOf(qkv, out, lse);
  return runner.prepare({
    label: 'attention forward',
    inputs: [qkv],
    outputs: [out, lse],
    ...launch(forwardCode, sizes, sizes.N, { causal, paired }),
  });
}

/**
 * qkv, out, lse of the forward pass; dout [B, N, D]; of the first G positions dqkv [B, G, 3D], the queries' 0 where
 * they had none; delta [B, H, N] is scratch that the first dispatch hands to the second.
 */
export interface AttentionBackward {
  qkv: Tensor;
  out: Tensor;
  lse: Tensor;
  dout: Tensor;
  dqkv: Tensor;
  delta: Tensor;
  causal?: boolean;
  paired?: boolean;
}

/** Two dispatches, to be run in order: the queries' gradient, then that of keys and values. */
export function attentionBackward(
  runner: KernelRunner,
  {
    qkv,
    out,
    lse,
    dout,
    dqkv,
    delta,
    causal = true,
    paired = runner.gpu.isSoftware,
  }: AttentionBackward,
): Promise<Dispatch[]> {
  const sizes = sizesOf(qkv, out, lse, dqkv);
  return Promise.all([
    runner.prepare({
      label: 'attention backward, queries',
      inputs: [qkv, out, dout, lse],
      outputs: [dqkv, delta],
      ...launch(backwardQueryCode, sizes, sizes.L, { causal, paired }),
    }),
    runner.prepare({
      label: 'attention backward, keys and values',
      inputs: [qkv, dout, lse, delta],
      outputs: [dqkv],
      ...launch(backwardKeyValueCode, sizes, sizes.G, { causal, paired }),
    }),
  ]);
}

interface Sizes {
  B: number;
  L: number;
  H: number;
  N: number;
  G: number;
  headSize: number;
}

function sizesOf(qkv: Tensor, out: Tensor, lse: Tensor, dqkv?: Tensor): Sizes {
  const [B = 0, H = 0, N = 0] = lse.shape;
  const D = out.size / (B * N);
  const headSize = D / H;
  if (!Number.isInteger(headSize) || headSize > MAX_HEAD_SIZE)
    throw new RangeError(
      `attention: ${H} heads over width ${D}; a head is at most ${MAX_HEAD_SIZE}`,
    );
  const positions = (packed: Tensor) => packed.size / (B * 3 * D);
  return { B, L: positions(qkv), H, N, G: dqkv ? positions(dqkv) : 0, headSize };
}

/** @param count positions of a sequence that are worked on */
function launch(
  code: string,
  { B, L, H, N, G, headSize }: Sizes,
  count: number,
  { causal, paired }: { causal: boolean; paired: boolean },
) {
  const head = headSize <= 16 ? head16 : headSize <= 64 ? head64 : head128;
  const size = paired ? PAIRED_WORKGROUP : WORKGROUP;
  return {
    code: head + placeCode + code,
    overrides: {
      HEAD_SIZE: headSize,
      CAUSAL: Number(causal),
      PAIRED: Number(paired),
      WORKGROUP: size,
    },
    params: { B: u32(B), L: u32(L), H: u32(H), N: u32(N), G: u32(G) },
    workgroups: elementWorkgroups(B * H * (paired ? Math.ceil(count / 2) : count), size),
  };
}
