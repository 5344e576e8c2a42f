/** One image: its picture, what was said of it beside what is true, and its figures. */
import type { CSSProperties } from 'react';
import { figureText } from '../../state/evaluate/figures';
import type { ReportRow } from '../../state/evaluate/report';
import { type Column, namedRight } from '../../state/evaluate/sort';
import { BlobImage } from '../photos/BlobImage';
import type { ColumnLook } from './columns';
import styles from './table.module.css';

function Cell({ row, column }: { row: ReportRow; column: Column }) {
  const { caption, references, name, attributes } = row;
  switch (column) {
    case 'name':
      return (
        <span className={styles['line']} title={name}>
          {name}
        </span>
      );
    case 'caption':
      return (
        <>
          <span className={styles['line']} title={caption}>
            {caption || '(nothing)'}
          </span>
          <small className={styles['line']} title={references.join('\n')}>
            {references[0]}
            {references.length > 1 && ` +${references.length - 1}`}
          </small>
        </>
      );
    case 'attributes':
      return attributes ? `${namedRight(row)} of ${Object.keys(attributes).length}` : '–';
    default:
      return figureText(column, row.figures[column]);
  }
}

interface ImageRowProps {
  row: ReportRow;
  index: number;
  columns: readonly ColumnLook[];
  style: CSSProperties;
}

export function ImageRow({ row, index, columns, style }: ImageRowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${styles['row']} ${styles['image']}`}
      style={style}
      data-testid="evaluate-row"
    >
      <div role="cell" className={styles['picture']}>
        {row.thumbnail && <BlobImage blob={row.thumbnail} />}
      </div>
      {columns.map(({ column, isNumber }) => (
        <div key={column} role="cell" className={isNumber ? styles['numeric'] : undefined}>
          <Cell row={row} column={column} />
        </div>
      ))}
    </div>
  );
}
