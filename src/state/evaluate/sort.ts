/** The table's rows in the order of one of its columns. */
import type { ImageFigure } from './figures';
import type { ReportRow } from './report';

/** `attributes` is how many of a scene's are named right. */
export type Column = 'name' | 'caption' | 'attributes' | ImageFigure;

export interface Order {
  column: Column;
  isAscending: boolean;
}

export const namedRight = ({ attributes }: ReportRow): number | undefined =>
  attributes && Object.values(attributes).filter(Boolean).length;

export function valueIn(row: ReportRow, column: Column): string | number | undefined {
  if (column === 'name' || column === 'caption') return row[column];
  return column === 'attributes' ? namedRight(row) : row.figures[column];
}

const inWords = new Intl.Collator('en', { numeric: true });

/** Rows without a value come last either way; equal ones keep their order. */
export function sorted(rows: readonly ReportRow[], { column, isAscending }: Order): ReportRow[] {
  const sign = isAscending ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [x, y] = [valueIn(a, column), valueIn(b, column)];
    if (x === undefined || y === undefined)
      return Number(x === undefined) - Number(y === undefined);
    if (typeof x === 'string' || typeof y === 'string')
      return sign * inWords.compare(String(x), String(y));
    return sign * (x - y);
  });
}
