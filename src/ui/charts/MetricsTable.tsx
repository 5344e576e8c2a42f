/** The curves as a table: the latest updates, newest first. */
import { METRIC_TEXT } from '../../state/glossary';
import { stores } from '../../state/page';
import { METRICS } from '../../worker/protocol';
import { Sheet } from '../basics/Sheet';
import { plain } from '../format';
import { useStore } from '../useStore';
import styles from './charts.module.css';

const SHOWN_UPDATES = 100;

function Rows() {
  useStore(stores.metrics, (state) => state.revision);
  const { curves } = stores.metrics.getState();
  const updates = curves.column('update');
  const count = Math.min(SHOWN_UPDATES, updates.length);
  const rows = Array.from({ length: count }, (_, i) => updates.length - 1 - i);
  return (
    <table className={`${styles['table']} number`}>
      <thead>
        <tr>
          <th scope="col">Update</th>
          {METRICS.map((name) => (
            <th key={name} scope="col">
              {METRIC_TEXT[name].label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={updates[row]}>
            <th scope="row">{updates[row]}</th>
            {METRICS.map((name) => (
              <td key={name}>{plain(curves.column(name)[row]!)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface MetricsTableProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

export function MetricsTable(props: MetricsTableProps) {
  return (
    <Sheet
      title="The curves as a table"
      description={`The latest ${SHOWN_UPDATES} updates, newest first; raw values.`}
      place="middle"
      {...props}
    >
      <Rows />
    </Sheet>
  );
}
