/**
 * How a kernel reads a frozen matrix, whatever it is stored as: WGSL has no imports, so the kernel's
 * text is put behind one of these files, which declares binding 0 and `weight(index)`. Halves are
 * widened as they are read; all arithmetic stays f32.
 */
import type { Binding } from '../../rows';
import f16Code from './f16.wgsl?raw';
import f16x4Code from './f16x4.wgsl?raw';
import f32Code from './f32.wgsl?raw';
import f32x4Code from './f32x4.wgsl?raw';

/** @param fours whether `weight` gives vec4s: the matrix's rows are then whole vec4s */
export function readsStored(matrix: Binding, fours: boolean): string {
  if (matrix.dtype === 'f16') return fours ? f16x4Code : f16Code;
  return fours ? f32x4Code : f32Code;
}
