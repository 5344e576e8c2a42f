/**
 * The matrix product of every linear layer: forward of Conv1D (A · B, B stored [in, out]) and of
 * PyTorch's Linear (B stored [out, in], `transposeB`), the input's gradient (dout · Wᵀ) and the
 * weight's (doutᵀ · x, `transposeA`).
 */
import { type Dispatch, type KernelRunner, type Prepared, u32 } from '../../kernel';
import type { Binding } from '../../rows';
import { Sequence } from '../../sequence';
import { Tensor } from '../../tensor';
import { readsStored } from '../weights/stored';
import { elementWorkgroups } from '../workgroups';
import { chooseVariant } from './choose';
import { epilogueOf, type Epilogue } from './epilogue';
import raggedCode from './ragged.wgsl?raw';
import sumSlicesCode from './sum-slices.wgsl?raw';
import { type Variant, type VariantName, VARIANTS } from './variants';

/** out [M, N] = op(a) · op(b), finished as `Epilogue` says. */
export interface Matmul extends Epilogue {
  /** [M, K], or [K, M] with `transposeA`. */
  a: Binding;
  /**
   * [K, N], or [N, K] with `transposeB`; f32 or f16. Up to three rows may be missing at its end, so that the extent
   * can be rounded up to whole vectors: the last row, or zeros, stand for them. What comes of that is the caller's:
   * columns of `out` to pass over, or columns of `a` that must be 0.
   */
  b: Binding;
  M: number;
  K: number;
  N: number;
  transposeA?: boolean;
  transposeB?: boolean;
  /** For tests and benchmarks; left out, chosen by adapter and shape. */
  variant?: VariantName;
  /** Parts of K that are summed apart and then added in order; left out, chosen by shape. */
  slices?: number;
}

const RAGGED: Variant = { code: raggedCode, rows: 32, columns: 32 };
const WORKGROUP = 64;
const LONG = 2048;
const FEW_OUTPUTS = 2 ** 14;

export async function matmul(runner: KernelRunner, args: Matmul): Promise<Prepared> {
  const { a, M, K, N } = args;
  expectSize(a, M * K);
  expectRows(args);
  const { bias, residual, preActivation, timesGeluSlope, out } = args;
  if (bias) expectSize(bias, N);
  for (const tensor of [out, residual, preActivation, timesGeluSlope])
    if (tensor) expectSize(tensor, M * N);
  if (!readsWholeVectors(args)) return product(runner, args, RAGGED, 1);
  const variant = VARIANTS[args.variant ?? (await chosen(runner, args))];
  const slices = args.slices ?? defaultSlices(args);
  if (slices === 1) return product(runner, args, variant, 4);
  return inSlices(runner, args, variant, slices);
}

const chosen = (runner: KernelRunner, args: Matmul): Promise<VariantName> => {
  const { M, K, N, transposeA = false, transposeB = false } = args;
  const layout = { transposeA, transposeB };
  const shape = { M, K, N, ...layout, dtype: args.b.dtype };
  return chooseVariant(runner, shape, (operands, variant) =>
    product(runner, { ...operands, ...layout }, VARIANTS[variant], 4),
  );
};

/**
 * Slices of K: their sums round otherwise than one sum does, so the shape alone decides, on every adapter.
 * Few outputs and a long K leave most of a GPU without work.
 */
function defaultSlices({ M, K, N }: Matmul): number {
  const isLong = K >= LONG && M * N <= FEW_OUTPUTS;
  return isLong ? Math.ceil(K / (LONG / 2)) : 1;
}

/** Σ over slices of K into a tensor of their own, and the sum of those. */
async function inSlices(
  runner: KernelRunner,
  args: Matmul,
  variant: Variant,
  wanted: number,
): Promise<Prepared> {
  const { a, b, M, K, N, transposeA, transposeB } = args;
  const slice = 4 * Math.ceil(K / 4 / wanted);
  const slices = Math.ceil(K / slice);
  const products = new Tensor(runner.gpu, 'slices of a matmul', [slices, M, N]);
  const epilogue = epilogueOf(runner, args, 4);
  const shared = {
    a,
    b,
    M,
    K,
    N,
    ...(transposeA && { transposeA }),
    ...(transposeB && { transposeB }),
  };
  const vectors = (M * N) / 4;
  const steps = await Promise.all([
    product(runner, { ...shared, out: products }, variant, 4, slice),
    runner.prepare({
      label: `sum of ${slices} slices ${M}×${N}`,
      code: epilogue.code + sumSlicesCode,
      overrides: { ...epilogue.overrides, WORKGROUP },
      inputs: [a, products, ...epilogue.inputs],
      outputs: epilogue.outputs,
      params: { N: u32(N), vectors: u32(vectors), slices: u32(slices), ...epilogue.params },
      workgroups: elementWorkgroups(vectors, WORKGROUP),
    }),
  ]);
  return new Sequence(steps, [products]);
}

/** @param lanes elements that are read together */
function product(
  runner: KernelRunner,
  args: Matmul,
  { code, rows, columns, feature }: Variant,
  lanes: 1 | 4,
  slice = args.K,
): Promise<Dispatch> {
  const { a, b, M, K, N } = args;
  const epilogue = epilogueOf(runner, args, lanes);
  const rows_b = storedRows(args);
  return runner.prepare({
    label: `matmul ${M}×${K}×${N}`,
    code:
      (feature ? `enable ${feature};\n` : '') + readsStored(b, lanes === 4) + epilogue.code + code,
    overrides: {
      ...epilogue.overrides,
      TRANSPOSE_A: Number(args.transposeA ?? false),
      TRANSPOSE_B: Number(args.transposeB ?? false),
      ...(lanes === 4 && { IS_SHORT: Number(M < 4) }),
      LACKS_ROWS: Number(rows_b < (args.transposeB ? N : K)),
    },
    inputs: [b, a, ...epilogue.inputs],
    outputs: epilogue.outputs,
    params: {
      M: u32(M),
      K: u32(K),
      N: u32(N),
      slice: u32(slice),
      rows_b: u32(rows_b),
      ...epilogue.params,
    },
    workgroups: [Math.ceil(N / columns), Math.ceil(M / rows), Math.ceil(K / slice)],
  });
}

/** Whether stored rows of a, b and out are whole vec4s. */
function readsWholeVectors({ M, K, N, transposeA, transposeB }: Matmul): boolean {
  return (
    (transposeA ? M : K) % 4 === 0 && (transposeB ? K : N) % 4 === 0 && N % 4 === 0 && K % 4 === 0
  );
}

/** Of B, as it is stored. */
const storedRows = ({ b, K, N, transposeB }: Matmul): number => b.size / (transposeB ? K : N);

function expectRows(args: Matmul): void {
  const { b, K, N, transposeB } = args;
  const wanted = transposeB ? N : K;
  const rows = storedRows(args);
  if (!Number.isInteger(rows) || rows > wanted || rows <= wanted - 4)
    throw new RangeError(
      `matmul: ${b.label} has shape [${b.shape}], wanted ${wanted} rows or up to three fewer`,
    );
}

function expectSize(tensor: Binding, size: number): void {
  if (tensor.size !== size)
    throw new RangeError(
      `matmul: ${tensor.label} has shape [${tensor.shape}], wanted ${size} elements`,
    );
}
