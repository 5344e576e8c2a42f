/** A fault in words: what failed, with which numbers, what to do. */
import { describeFault, type FaultCause } from '../../faults';
import styles from './notices.module.css';

export function FaultText({ fault }: { fault: FaultCause }) {
  const { title, detail, remedy } = describeFault(fault);
  return (
    <div>
      <p className={styles['title']}>{title}</p>
      {detail && <p className={styles['detail']}>{detail}</p>}
      <p>{remedy}</p>
    </div>
  );
}
