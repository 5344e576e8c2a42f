/** Multi-head attention from packed queries, keys and values, and their gradients. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { elementWorkgroups } from '../workgroups';
import backwardKeyValueCode from './backward-key-value.wgsl?raw';
import backwardQueryCode from './backward-query.wgsl?raw';
import forwardCode from './forward.wgsl?raw';

/** Largest head that the kernels' arrays hold. */
export const MAX_HEAD_SIZE = 128;
const WORKGROUP = 64;

/** qkv [B, L, 3D]; out [B, L, D]; lse [B, H, L], the log of each row's softmax denominator. */
export interface AttentionForward {
  qkv: Tensor;
  out: Tensor;
  lse: Tensor;
  /** Left out, causal: each position attends to itself and those before it. */
  causal?: boolean;
}

export function attentionForward(
  runner: KernelRunner,
  { qkv, out, lse, causal }: AttentionForward,
): Promise<Dispatch> {
  return runner.prepare({
    label: 'attention forward',
    code: forwardCode,
    inputs: [qkv],
    outputs: [out, lse],
    ...launch(out, lse, causal),
  });
}

/**
 * qkv, out, lse of the forward pass; dout [B, L, D]; dqkv [B, L, 3D]; delta [B, H, L] is scratch that the
 * first dispatch hands to the second.
 */
export interface AttentionBackward {
  qkv: Tensor;
  out: Tensor;
  lse: Tensor;
  dout: Tensor;
  dqkv: Tensor;
  delta: Tensor;
  causal?: boolean;
}

/** Two dispatches, to be run in order: the queries' gradient, then that of keys and values. */
export function attentionBackward(
  runner: KernelRunner,
  { qkv, out, lse, dout, dqkv, delta, causal }: AttentionBackward,
): Promise<Dispatch[]> {
  return Promise.all([
    runner.prepare({
      label: 'attention backward, queries',
      code: backwardQueryCode,
      inputs: [qkv, out, dout, lse],
      outputs: [dqkv, delta],
      ...launch(out, lse, causal),
    }),
    runner.prepare({
      label: 'attention backward, keys and values',
      code: backwardKeyValueCode,
      inputs: [qkv, dout, lse, delta],
      outputs: [dqkv],
      ...launch(out, lse, causal),
    }),
  ]);
}

/** Sizes from out [B, L, D] and lse [B, H, L]: one invocation an element of lse. */
function launch(out: Tensor, lse: Tensor, causal = true) {
  const [B = 0, H = 0, L = 0] = lse.shape;
  const headSize = out.size / (B * L * H);
  if (!Number.isInteger(headSize) || headSize > MAX_HEAD_SIZE)
    throw new RangeError(
      `attention: ${H} heads over width ${out.size / (B * L)}; a head is at most ${MAX_HEAD_SIZE}`,
    );
  return {
    overrides: { HEAD_SIZE: headSize, CAUSAL: Number(causal), WORKGROUP },
    params: { B: u32(B), L: u32(L), H: u32(H) },
    workgroups: elementWorkgroups(lse.size, WORKGROUP),
  };
}
