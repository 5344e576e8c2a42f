/**
 * The images of an evaluation, any number of them: only the rows in sight are in the document. Each column's
 * head is a button that sorts by it (the ARIA pattern of a sortable table).
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { Report } from '../../state/evaluate/report';
import { type Order, sorted } from '../../state/evaluate/sort';
import { type ColumnLook, columnsOf } from './columns';
import { ImageRow } from './ImageRow';
import styles from './table.module.css';

/** CSS pixels. */
const ROW_HEIGHT = 52;
const HEAD_HEIGHT = 40;
/** Rows that are in sight at least, where there are so many. */
const FEWEST_IN_SIGHT = 5;
const PICTURE = '48px';

function Head({
  look,
  order,
  onSort,
}: {
  look: ColumnLook;
  order: Order | undefined;
  onSort(order: Order): void;
}) {
  const { column, label, isNumber, help } = look;
  const isSorted = order?.column === column;
  const direction = order?.isAscending ? 'ascending' : 'descending';
  // Numbers begin with the largest, texts with the first of the alphabet.
  const next = isSorted ? !order.isAscending : !isNumber;
  return (
    <div
      role="columnheader"
      aria-sort={isSorted ? direction : 'none'}
      className={isNumber ? styles['numeric'] : undefined}
    >
      <button type="button" title={help} onClick={() => onSort({ column, isAscending: next })}>
        {label}
        <span aria-hidden="true" className={styles['arrow']}>
          {isSorted && (order.isAscending ? '▲' : '▼')}
        </span>
      </button>
    </div>
  );
}

export function ImagesTable({ report }: { report: Report }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [order, setOrder] = useState<Order>();
  const columns = useMemo(() => columnsOf(report), [report]);
  const rows = useMemo(() => (order ? sorted(report.rows, order) : report.rows), [report, order]);
  // oxlint-disable-next-line react/incompatible-library -- the React Compiler is not in use
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 4,
  });
  const gridTemplateColumns = [PICTURE, ...columns.map(({ width }) => width)].join(' ');
  return (
    <div
      ref={scroller}
      className={styles['scroller']}
      style={{ minHeight: HEAD_HEIGHT + Math.min(FEWEST_IN_SIGHT, rows.length) * ROW_HEIGHT }}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
      tabIndex={0}
      role="group"
      aria-label="Images"
    >
      <div
        role="table"
        className={`${styles['table']} number`}
        aria-label="Figures of each image"
        aria-rowcount={rows.length + 1}
        data-testid="evaluate-table"
      >
        <div role="rowgroup" className={styles['head']}>
          <div
            role="row"
            aria-rowindex={1}
            className={styles['row']}
            style={{ gridTemplateColumns }}
          >
            <div role="columnheader">
              <span className="hidden-visually">Picture</span>
            </div>
            {columns.map((look) => (
              <Head key={look.column} look={look} order={order} onSort={setOrder} />
            ))}
          </div>
        </div>
        <div
          role="rowgroup"
          className={styles['rows']}
          style={{ height: virtualizer.getTotalSize() }}
        >
          {virtualizer.getVirtualItems().map(({ index, start }) => (
            <ImageRow
              key={rows[index]!.id}
              row={rows[index]!}
              index={index}
              columns={columns}
              style={{
                gridTemplateColumns,
                height: ROW_HEIGHT,
                transform: `translateY(${start}px)`,
              }}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
