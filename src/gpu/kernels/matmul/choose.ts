/** Which variant multiplies: by adapter and shape. */
import { float32ToFloat16 } from '../../../math/half-floats';
import { Random } from '../../../math/random';
import type { KernelRunner, Prepared, Trial } from '../../kernel';
import type { DType } from '../../tensor';
import { Tensor } from '../../tensor';
import { type VariantName, variantsOn } from './variants';

/** What the choice depends on. */
export interface MatmulShape {
  M: number;
  K: number;
  N: number;
  transposeA: boolean;
  transposeB: boolean;
  /** Of B. */
  dtype: DType;
}

/** Multiplications below which no choice is worth its timing. */
const SMALL = 2 ** 20;
/** Elements of `out` from which a GPU has work enough in tiles of 64 × 64. */
const LARGE_OUTPUT = 2 ** 17;
/** Longest K and N of a trial, whose operands are tensors of their own: a head's N is its vocabulary. */
const LONGEST = 2 ** 13;

/** Multiplications from which the larger tile of quads earns its longer compilation, on a software adapter. */
const LARGE_WORK = 5e6;

/**
 * Before anything was timed. On the software adapter quads were fastest at every shape of `npm run bench --
 * kernels` but those of few rows, which leave most of a tile empty, and of quads the larger tile, where it is not
 * left emptier; for GPUs it is a guess.
 */
export function defaultVariant(
  { isSoftware }: { isSoftware: boolean },
  variants: readonly VariantName[],
  { M, K, N }: Pick<MatmulShape, 'M' | 'K' | 'N'>,
): VariantName {
  if (M < 8) return 'tile-4x4';
  if (isSoftware) {
    if (!variants.includes('quads-16x16')) return 'tile-8x16';
    const rowsIn = (tile: number) => tile * Math.ceil(M / tile);
    const isFull = rowsIn(32) <= 1.1 * rowsIn(16);
    return isFull && M * K * N >= LARGE_WORK ? 'quads-32x16' : 'quads-16x16';
  }
  return M * N >= LARGE_OUTPUT ? 'shared-64x64' : 'tile-8x4';
}

/** @param multiply prepares the product of two tensors by a variant; K and N may be shorter than the shape's */
export async function chooseVariant(
  runner: KernelRunner,
  shape: MatmulShape,
  multiply: (operands: Operands, variant: VariantName) => Promise<Prepared>,
): Promise<VariantName> {
  const { M, K, N } = shape;
  const variants = variantsOn(runner.gpu);
  const first = defaultVariant(runner.gpu, variants, shape);
  if (!runner.chooser || M * K * N < SMALL) return first;
  const names = [first, ...variants.filter((name) => name !== first)] as const;
  const chosen = await runner.chooser.choose(classOf(shape), [...names], () =>
    trialOf(runner, shape, multiply),
  );
  return chosen as VariantName;
}

export interface Operands extends Pick<MatmulShape, 'M' | 'K' | 'N'> {
  a: Tensor;
  b: Tensor;
  out: Tensor;
}

/** Shapes of one class have each extent between the same powers of two. */
function classOf({ M, K, N, transposeA, transposeB, dtype }: MatmulShape): string {
  const extents = [M, K, N].map((extent) => 2 ** Math.ceil(Math.log2(extent)));
  const layout = `${transposeA ? 'T' : 'N'}${transposeB ? 'T' : 'N'}`;
  return `matmul ${extents.join('×')} ${layout} ${dtype}`;
}

/** The shape, or as much of it as shows what is fast, with random numbers in it, in tensors of its own. */
function trialOf(
  runner: KernelRunner,
  { M, dtype, ...whole }: MatmulShape,
  multiply: (operands: Operands, variant: VariantName) => Promise<Prepared>,
): Trial {
  const { gpu } = runner;
  const K = Math.min(whole.K, LONGEST);
  const N = Math.min(whole.N, LONGEST);
  const halves = dtype === 'f16';
  const tensors = {
    a: Tensor.from(gpu, 'trial a', [M, K], noise(M * K)),
    b: Tensor.from(gpu, 'trial b', [K, N], halves ? float32ToFloat16(noise(K * N)) : noise(K * N)),
    out: new Tensor(gpu, 'trial out', [M, N]),
  };
  return {
    prepare(name) {
      tensors.out.write(new Float32Array(M * N)); // a kernel that writes nothing must not pass by the last one's
      return multiply({ ...tensors, M, K, N }, name as VariantName);
    },
    bits: async () => new Uint32Array((await tensors.out.read()).buffer as ArrayBuffer),
    destroy() {
      for (const tensor of Object.values(tensors)) tensor.destroy();
    },
  };
}

/** Uniform in [−1, 1): repeated from 64 Ki on, as drawing millions would take longer than multiplying them. */
function noise(count: number): Float32Array {
  const random = new Random(1);
  const drawn = Float32Array.from(
    { length: Math.min(count, 2 ** 16) },
    () => 2 * random.uniform() - 1,
  );
  return Float32Array.from({ length: count }, (_, i) => drawn[i % drawn.length]!);
}
