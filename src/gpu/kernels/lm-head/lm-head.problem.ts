/** Random problems for the head's tests, and their tensors. */
import { Random } from '../../../math/random';
import type { KernelRunner } from '../../kernel';
import { halfNormals, input, normals, output, storedMatrix } from '../../testing/harness';
import { type HeadShape, lmHeadReference, type StatesReference } from './lm-head.reference';

/** Random states of policy and reference, embeddings, a response and gradients from above. */
export function problem(sizes: Omit<HeadShape, 'eos'>, scale = 1) {
  const { B, T, V, D } = sizes;
  const random = new Random(1);
  const shape: HeadShape = { ...sizes, eos: Math.floor(V / 2) };
  const states = (L: number, offset: number, seed: number): StatesReference => ({
    hidden: normals(B * L * D, seed, scale / Math.sqrt(D)),
    L,
    offset,
  });
  // A banned target's log-probability of -1e5 would hide the errors of all others: it has its own test.
  const targets = Uint32Array.from({ length: B * T }, (_, r) => {
    const target = r === B * T - 1 ? shape.eos : random.integer(V);
    return target === shape.eos && r % T < shape.minResponse ? 0 : target;
  });
  const gradients = {
    dlogp: normals(B * T, 4),
    dentropy: normals(B * T, 5),
    dkl: normals(B * T, 6),
  };
  const none = new Float32Array(B * T);
  return {
    shape,
    policy: states(T + 4, 3, 2),
    reference: states(T + 1, 0, 3),
    weight: halfNormals(V * D, 7, 2),
    targets,
    gradients,
    withoutKl: { ...gradients, dkl: none },
  };
}

export type Problem = ReturnType<typeof problem>;

export function tensors(
  runner: KernelRunner,
  { shape, policy, reference, weight, targets }: Problem,
  dtype: 'f32' | 'f16' = 'f32',
) {
  const { B, T, V, D } = shape;
  const states = ({ hidden, L, offset }: StatesReference) => ({
    hidden: input(runner, [B, L, D], Float32Array.from(hidden)),
    offset,
  });
  return {
    head: {
      policy: states(policy),
      weight: storedMatrix(runner, dtype, [V, D], weight),
      targets: input(runner, [B, T], targets),
      eos: shape.eos,
      minResponse: shape.minResponse,
    },
    reference: states(reference),
    row: (data: ArrayLike<number>) => input(runner, [B, T], Float32Array.from(data)),
    out: () => output(runner, [B, T]),
  };
}

/** The reference's own log-sum-exp, which its plain forward pass would have left. */
export function referenceLse({ shape, reference, weight, targets }: Problem): Float64Array {
  return lmHeadReference(shape, reference, weight, targets, reference).lse;
}
