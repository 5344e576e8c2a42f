/** A block of columns copied between matrices, such as query and response into one sequence. */
import { type Dispatch, type KernelRunner, u32 } from '../../kernel';
import type { Tensor } from '../../tensor';
import { elementWorkgroups } from '../workgroups';
import code from './columns.wgsl?raw';

const WORKGROUP = 64;

/**
 * source [R, ·], out [R, ·] of 4-byte elements; `count` columns from column `from` to column `to`. R is
 * `rows`, where both are read as so many, or source's first extent.
 */
export interface Columns {
  source: Tensor;
  out: Tensor;
  rows?: number;
  from: number;
  to: number;
  count: number;
}

export function columns(
  runner: KernelRunner,
  { source, out, rows: R = source.shape[0] ?? 0, from, to, count }: Columns,
): Promise<Dispatch> {
  const sourceColumns = source.size / R;
  const outColumns = out.size / R;
  if (from + count > sourceColumns || to + count > outColumns)
    throw new RangeError(
      `columns: ${count} from ${from} of ${sourceColumns} to ${to} of ${outColumns} do not fit`,
    );
  return runner.prepare({
    label: 'columns',
    code,
    overrides: { WORKGROUP },
    inputs: [source],
    outputs: [out],
    params: {
      R: u32(R),
      C: u32(count),
      source_columns: u32(sourceColumns),
      out_columns: u32(outColumns),
      from_column: u32(from),
      to_column: u32(to),
    },
    workgroups: elementWorkgroups(R * count, WORKGROUP),
  });
}
