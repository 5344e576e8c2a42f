/** What went wrong with models, and what to do; the run is not concerned. */
import { describeFault, type FaultCause } from '../../faults';
import { Icon } from '../basics/Icon';
import styles from './models.module.css';

export function FaultNote({ fault }: { fault: FaultCause }) {
  const { title, detail, remedy } = describeFault(fault);
  return (
    <div className={styles['fault']} role="alert" data-testid="models-fault">
      <Icon name="warning" />
      <div>
        <strong>{title}</strong>
        <p>{detail}</p>
        <p>{remedy}</p>
      </div>
    </div>
  );
}
