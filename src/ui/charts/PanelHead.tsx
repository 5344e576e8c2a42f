/** A chart's title and the values of its lines, at the cursor or the latest. */
import type { ReactNode } from 'react';
import { stores, view } from '../../state/page';
import { Term } from '../basics/Hint';
import { short } from '../format';
import { useStore } from '../useStore';
import styles from './charts.module.css';
import { rowAt } from './curveData';
import type { Line, Panel } from './panels';

function useValue(line: Line): number | undefined {
  const cursor = useStore(view, (state) => state.cursor);
  useStore(stores.metrics, (state) => state.revision);
  const { curves } = stores.metrics.getState();
  return curves.column(line.column)[rowAt(curves, cursor)];
}

function LineValue({ line, isNamed }: { line: Line; isNamed: boolean }) {
  const value = useValue(line);
  return (
    <span className={styles['value']}>
      <i
        className={`${styles['swatch']} ${line.dash ? styles['dashed'] : ''}`}
        style={{ color: `var(--series-${line.tone})` }}
      />
      {isNamed && `${line.label} `}
      <b className="number">{value === undefined ? '–' : short(value)}</b>
    </span>
  );
}

interface PanelHeadProps {
  panel: Panel;
  /** More of the key, before the values. */
  children?: ReactNode;
}

export function PanelHead({ panel, children }: PanelHeadProps) {
  const { title, unit, help, lines } = panel;
  return (
    <div className={styles['panelHead']}>
      <h3>
        <Term help={help}>{title}</Term>
        {unit && <small> {unit}</small>}
      </h3>
      <div className={styles['values']}>
        {children}
        {lines.map((line) => (
          <LineValue key={line.column} line={line} isNamed={lines.length > 1} />
        ))}
      </div>
    </div>
  );
}
