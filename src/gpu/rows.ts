/**
 * Matrices larger than what one binding may hold (WebGPU promises 128 MiB; GPT-2's wte has 154 MB in f32)
 * are bound a range of rows at a time. The buffer stays one.
 */
import { Fault } from '../faults';
import type { Tensor } from './tensor';

/** What a kernel binds: a tensor, or some of its rows. */
export type Binding = Pick<
  Tensor,
  'label' | 'shape' | 'dtype' | 'size' | 'bytes' | 'buffer' | 'offset'
>;

/** Rows `first` to `first + count` of a matrix. */
export interface RowRange {
  first: number;
  count: number;
  rows: Binding;
}

/** `count` rounded up to whole vectors of four, which the matrix product reads at once. */
export const fours = (count: number): number => 4 * Math.ceil(count / 4);

/** A binding begins at a multiple of this: WebGPU's minStorageBufferOffsetAlignment. */
const OFFSET_BYTES = 256;

/**
 * @param limit bytes of one binding
 * @param multiple every range but the last has a multiple of so many rows
 * @param most rows of a range, rounded up to what can be bound
 * @returns one range where the matrix fits the limit and `most`
 * @throws Fault limit where not even `multiple` rows fit
 */
export function rowRanges(
  matrix: Binding,
  limit: number,
  multiple = 1,
  most = Infinity,
): RowRange[] {
  const [height = 0] = matrix.shape;
  if (matrix.bytes <= limit && height <= most) return [{ first: 0, count: height, rows: matrix }];
  const rowBytes = matrix.bytes / height;
  let unit = multiple;
  while ((unit * rowBytes) % OFFSET_BYTES !== 0) unit += multiple;
  const fitting = Math.floor(limit / (unit * rowBytes)) * unit;
  if (fitting === 0)
    throw new Fault({
      kind: 'limit',
      name: `maxStorageBufferBindingSize (${unit} rows of ${matrix.label})`,
      have: limit,
      need: unit * rowBytes,
    });
  const ranges: RowRange[] = [];
  const step = Math.min(fitting, Math.ceil(most / unit) * unit);
  for (let first = 0; first < height; first += step) {
    const count = Math.min(step, height - first);
    ranges.push({ first, count, rows: rowsOf(matrix, first, count, rowBytes) });
  }
  return ranges;
}

function rowsOf(matrix: Binding, first: number, count: number, rowBytes: number): Binding {
  const shape = [count, ...matrix.shape.slice(1)];
  return {
    label: `${matrix.label}[${first}:${first + count}]`,
    shape,
    dtype: matrix.dtype,
    buffer: matrix.buffer,
    offset: first * rowBytes,
    bytes: count * rowBytes,
    size: (matrix.size / matrix.shape[0]!) * count,
  };
}
