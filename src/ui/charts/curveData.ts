/** Turns the ring buffers into what the chart library draws: x, then a raw and a smooth y per line. */
import type { Curves } from '../../state/metrics';
import { smooth } from '../../state/smoothing';
import type { Line } from './panels';

/** A single measured point, such as an evaluation, between the updates. */
export interface Mark {
  update: number;
  value: number;
}

type Values = (number | null)[];
/** [x, raw 1, smooth 1, raw 2, smooth 2, …, marks]; all of one length, x ascending. */
export type ChartData = [x: number[], ...y: Values[]];

const finiteOrGap = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Rows for marks that fall on no update: the merged x, and each merged row's source row (or −1). */
function mergeUpdates(updates: readonly number[], marks: readonly Mark[]) {
  const known = new Set(updates);
  const extra = marks.map(({ update }) => update).filter((update) => !known.has(update));
  if (extra.length === 0) return undefined;
  const rows = updates.map((update, row) => ({ update, row }));
  for (const update of new Set(extra)) rows.push({ update, row: -1 });
  return rows.toSorted((a, b) => a.update - b.update);
}

export function curveData(
  curves: Curves,
  lines: readonly Line[],
  smoothing: number,
  marks: readonly Mark[] = [],
): ChartData {
  const updates = Array.from(curves.column('update'));
  const columns = lines.flatMap(({ column }): Values[] => {
    const values = curves.column(column);
    return [Array.from(values, finiteOrGap), smooth(values, smoothing)];
  });
  const merged = mergeUpdates(updates, marks);
  const x = merged?.map(({ update }) => update) ?? updates;
  const y = merged
    ? columns.map((values) => merged.map(({ row }) => values[row] ?? null))
    : columns;
  if (marks.length === 0) return [x, ...y, x.map(() => null)];
  const byUpdate = new Map(marks.map(({ update, value }) => [update, value]));
  return [x, ...y, x.map((update) => byUpdate.get(update) ?? null)];
}

/** The row of an update, or of the nearest kept one; the last row without an update; −1 if empty. */
export function rowAt(curves: Curves, update: number | undefined): number {
  const updates = curves.column('update');
  if (update === undefined || updates.length === 0) return updates.length - 1;
  let [low, high] = [0, updates.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (updates[middle]! < update) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The curve in a sentence, for those who do not see it; what was not measured is passed over. */
export function summarize(label: string, updates: Float64Array, values: Float64Array): string {
  const rows = [...values.keys()].filter((row) => Number.isFinite(values[row]));
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined)
    return values.length > 0
      ? `${label}: not measured yet.`
      : `${label}: nothing yet, training has not begun.`;
  let [low, high] = [first, first];
  for (const row of rows) {
    if (values[row]! < values[low]!) low = row;
    if (values[row]! > values[high]!) high = row;
  }
  const at = (i: number) => `${Number(values[i]!.toPrecision(3))} at update ${updates[i]}`;
  return `${label}: from ${at(first)} to ${at(last)}; lowest ${at(low)}, highest ${at(high)}.`;
}
