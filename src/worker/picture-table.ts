/** The trainer's table of pictures, as its rows come from however many pictures there are. */

/**
 * Fills a table evenly: fewer pictures than rows come round again, so that no two differ by more than
 * one row; of more pictures than rows the first are taken.
 * @param features [n, E], n > 0
 * @returns [rows, E]
 */
export function tableRows(features: Float32Array, rows: number, E: number): Float32Array {
  const table = new Float32Array(rows * E);
  const cycle = features.subarray(0, Math.min(features.length, table.length));
  for (let start = 0; start < table.length; start += cycle.length)
    table.set(cycle.subarray(0, Math.min(cycle.length, table.length - start)), start);
  return table;
}
