/** The length of the gradient over all trained tensors, and the factor that keeps it within a limit. */
import { type Dispatch, f32, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import {
  asSum,
  type Gradient,
  isProduct,
  type ProductGradient,
  productSizes,
  type SumGradient,
} from '../gradient';
import { lanesOf } from '../lanes/lanes';
import { rowWorkgroups } from '../workgroups';
import partialCode from './partial.wgsl?raw';
import productRowsCode from '../product.wgsl?raw';
import workgroupSum from '../workgroup-sum.wgsl?raw';
import productCode from './product.wgsl?raw';
import totalCode from './total.wgsl?raw';

// A software adapter compiles code with barriers once for every lane: 256 lanes take four times as long.
const WORKGROUP = 64;
// It also pays for every four lanes that meet at one, whatever they do between: a product's tile is for four.
const SOFTWARE_WORKGROUP = 4;
const PER_LANE = 128;

const slices = ({ rows, R }: SumGradient) => Math.ceil(rows.size / R / (WORKGROUP * PER_LANE));

/** Workgroups of a product's tiles: 8 Lanes by 32 rows. */
function tiles(gradient: ProductGradient): [number, number] {
  const sizes = productSizes(gradient);
  return [Math.ceil(lanesOf(sizes.in).count / 8), Math.ceil(sizes.out / 32)];
}

function partialsOf(gradient: Gradient): number {
  if (!isProduct(gradient)) return slices(asSum(gradient));
  const [across, down] = tiles(gradient);
  return across * down;
}

/** Elements of the scratch tensor `partials`. */
export const gradNormPartials = (gradients: readonly Gradient[]): number =>
  gradients.reduce((sum, gradient) => sum + partialsOf(gradient), 0);

/**
 * gradients of any shapes; partials [gradNormPartials(gradients)]; norm [S] has an element for every
 * optimiser step; scale [1] and nonFinite u32 [1] are those of the latest and meant for `adamw`. Where the
 * norm is not finite, norm is Infinity, scale 0 and nonFinite 1.
 */
export interface GradNorm {
  gradients: readonly Gradient[];
  partials: Tensor;
  norm: Tensor;
  scale: Tensor;
  nonFinite: Tensor;
  /** Element of `norm` to write; 0 unless given. */
  normRow?: number;
  maxNorm: number;
  /** Invocations of a workgroup that takes a product's tile, for tests; left out, chosen by adapter. */
  productWorkgroup?: 4 | 64;
}

/** Run `partials`, in any order, then `total`, whose params are `normRow` and `maxNorm`. */
export interface GradNormDispatches {
  partials: readonly Dispatch[];
  total: Dispatch;
}

export async function gradNorm(runner: KernelRunner, args: GradNorm): Promise<GradNormDispatches> {
  let first = 0;
  const size = args.productWorkgroup ?? (runner.gpu.isSoftware ? SOFTWARE_WORKGROUP : WORKGROUP);
  const partials = args.gradients.map((gradient) => {
    const dispatch = isProduct(gradient)
      ? productPartials(runner, gradient, args.partials, first, size)
      : sumPartials(runner, asSum(gradient), args.partials, first);
    first += partialsOf(gradient);
    return dispatch;
  });
  const total = runner.prepare({
    label: 'gradient norm',
    code: workgroupSum + totalCode,
    overrides: { WORKGROUP },
    inputs: [args.partials],
    outputs: [args.norm, args.scale, args.nonFinite],
    params: {
      P: u32(first),
      normRow: u32(args.normRow ?? 0),
      maxNorm: f32(args.maxNorm),
    },
    workgroups: [1],
  });
  return { partials: await Promise.all(partials), total: await total };
}

function sumPartials(
  runner: KernelRunner,
  gradient: SumGradient,
  partials: Tensor,
  first: number,
): Promise<Dispatch> {
  const { rows, R } = gradient;
  const count = slices(gradient);
  return runner.prepare({
    label: `gradient norm of ${rows.label}`,
    code: workgroupSum + partialCode,
    overrides: { WORKGROUP, PER_LANE },
    inputs: [rows],
    outputs: [partials],
    params: { n: u32(rows.size / R), R: u32(R), slices: u32(count), first: u32(first) },
    workgroups: rowWorkgroups(count),
  });
}

function productPartials(
  runner: KernelRunner,
  gradient: ProductGradient,
  partials: Tensor,
  first: number,
  workgroup: number,
): Promise<Dispatch> {
  const sizes = productSizes(gradient);
  const lanes = lanesOf(sizes.in);
  return runner.prepare({
    label: `gradient norm of ${gradient.dout.label}ᵀ · ${gradient.x.label}`,
    code: workgroupSum + lanes.code + productRowsCode + productCode,
    overrides: { WORKGROUP: workgroup },
    inputs: [gradient.dout, gradient.x],
    outputs: [partials],
    params: {
      R: u32(sizes.R),
      rows: u32(sizes.out),
      columns: u32(lanes.count),
      first: u32(first),
    },
    workgroups: tiles(gradient),
  });
}
