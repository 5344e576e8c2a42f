/**
 * The variants of the matrix product, by name. Which is fastest depends on the adapter and the shape; their
 * results differ in speed alone (operands.wgsl).
 */
import type { Gpu } from '../../device';
import operands from './operands.wgsl?raw';
import quads from './quads.wgsl?raw';
import quads16x16 from './quads-16x16.wgsl?raw';
import quads16x4 from './quads-16x4.wgsl?raw';
import quads32x16 from './quads-32x16.wgsl?raw';
import shared64x64 from './shared-64x64.wgsl?raw';
import tile4x4 from './tile-4x4.wgsl?raw';
import tile8x16 from './tile-8x16.wgsl?raw';
import tile8x4 from './tile-8x4.wgsl?raw';
import tile8x8 from './tile-8x8.wgsl?raw';

export interface Variant {
  /** Put behind the epilogue. */
  code: string;
  /** Elements of `out` that a workgroup covers. */
  rows: number;
  columns: number;
  feature?: GPUFeatureName;
  /** Sums more elements than a GPU's invocation has registers: no candidate there, where it would take long to compile. */
  isForSoftware?: boolean;
}

/** Those that a GPU is likelier to choose come first: a tuner's time may end before all are tried. */
export const VARIANTS = {
  'shared-64x64': { code: operands + shared64x64, rows: 64, columns: 64 },
  'tile-8x4': { code: operands + tile8x4, rows: 64, columns: 32 },
  'tile-4x4': { code: operands + tile4x4, rows: 32, columns: 32 },
  'quads-16x4': {
    code: operands + quads + quads16x4,
    rows: 128,
    columns: 32,
    feature: 'subgroups',
  },
  'tile-8x8': { code: operands + tile8x8, rows: 64, columns: 64 },
  'tile-8x16': { code: operands + tile8x16, rows: 16, columns: 64 },
  'quads-16x16': {
    code: operands + quads + quads16x16,
    rows: 16,
    columns: 64,
    feature: 'subgroups',
    isForSoftware: true,
  },
  'quads-32x16': {
    code: operands + quads + quads32x16,
    rows: 32,
    columns: 64,
    feature: 'subgroups',
    isForSoftware: true,
  },
} as const satisfies Record<string, Variant>;

export type VariantName = keyof typeof VARIANTS;

export const VARIANT_NAMES = Object.keys(VARIANTS) as VariantName[];

/** Those that this device can compile and may be fast on. */
export const variantsOn = ({ device, isSoftware }: Gpu): VariantName[] =>
  VARIANT_NAMES.filter((name) => {
    const { feature, isForSoftware = false }: Variant = VARIANTS[name];
    const hasFeature = feature === undefined || device.features.has(feature);
    return hasFeature && (isSoftware || !isForSoftware);
  });
