/**
 * The matrix product of every linear layer: forward of Conv1D (A · B, B stored [in, out]) and of
 * PyTorch's Linear (B stored [out, in], `transposeB`), the input's gradient (dout · Wᵀ) and the
 * weight's (doutᵀ · x, `transposeA`).
 */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Binding } from '../../rows';
import type { Tensor } from '../../tensor';
import { readsStored } from '../weights/stored';
import raggedCode from './ragged.wgsl?raw';
import vectorCode from './vector.wgsl?raw';

/** out [M, N] = op(a) · op(b) (+ bias) (+ residual) (+ out). */
export interface Matmul {
  /** [M, K], or [K, M] with `transposeA`. */
  a: Tensor;
  /** [K, N], or [N, K] with `transposeB`; f32 or f16. */
  b: Binding;
  out: Tensor;
  M: number;
  K: number;
  N: number;
  transposeA?: boolean;
  transposeB?: boolean;
  /** [N], added to each row. */
  bias?: Tensor;
  /** [M, N], added; another tensor than `out`. */
  residual?: Tensor;
  /** Adds to what `out` holds. */
  accumulate?: boolean;
}

/** Elements of `out` that one workgroup of each kernel covers. */
const VECTOR_TILE = { rows: 64, columns: 64 };
const RAGGED_TILE = { rows: 32, columns: 32 };

export function matmul(runner: KernelRunner, args: Matmul): Promise<Dispatch> {
  const { a, b, out, M, K, N, bias, residual } = args;
  expectSize(a, M * K);
  expectSize(b, K * N);
  expectSize(out, M * N);
  if (bias) expectSize(bias, N);
  if (residual) expectSize(residual, M * N);
  const isVector = readsWholeVectors(args);
  const tile = isVector ? VECTOR_TILE : RAGGED_TILE;
  return runner.prepare({
    label: `matmul ${M}×${K}×${N}`,
    code: readsStored(b, isVector) + (isVector ? vectorCode : raggedCode),
    overrides: {
      TRANSPOSE_A: Number(args.transposeA ?? false),
      TRANSPOSE_B: Number(args.transposeB ?? false),
    },
    // A binding cannot stay empty: an absent tensor's place is taken by a, which is never read there.
    inputs: [b, a, bias ?? a, residual ?? a],
    outputs: [out],
    params: {
      M: u32(M),
      K: u32(K),
      N: u32(N),
      has_bias: u32(Number(bias !== undefined)),
      has_residual: u32(Number(residual !== undefined)),
      accumulate: u32(Number(args.accumulate ?? false)),
    },
    workgroups: [Math.ceil(N / tile.columns), Math.ceil(M / tile.rows)],
  });
}

/** Whether stored rows of a, b and out are whole vec4s. */
function readsWholeVectors({ M, K, N, transposeA, transposeB }: Matmul): boolean {
  return (
    (transposeA ? M : K) % 4 === 0 && (transposeB ? K : N) % 4 === 0 && N % 4 === 0 && K % 4 === 0
  );
}

function expectSize(tensor: Binding, size: number): void {
  if (tensor.size !== size)
    throw new RangeError(
      `matmul: ${tensor.label} has shape [${tensor.shape}], wanted ${size} elements`,
    );
}
