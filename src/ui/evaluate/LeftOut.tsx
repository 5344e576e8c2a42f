/** Which images of the references the figures do not speak of, and why. */
import { describeFault } from '../../faults';
import type { Report } from '../../state/evaluate/report';
import { counted } from '../format';
import styles from './evaluate.module.css';

export function LeftOut({ report: { leftOut, faults } }: { report: Report }) {
  const { withoutCaption, withoutPicture } = leftOut;
  return (
    <div className={styles['leftOut']}>
      {withoutPicture > 0 && (
        <p>{counted(withoutPicture, 'image')} left out: no picture of that name.</p>
      )}
      {withoutCaption > 0 && (
        <p>{counted(withoutCaption, 'image')} left out: no caption of it in the file.</p>
      )}
      {faults.length > 0 && (
        <details>
          <summary>{counted(faults.length, 'picture')} could not be judged</summary>
          <ul>
            {faults.map((fault, i) => {
              const { title, detail } = describeFault(fault);
              return (
                // oxlint-disable-next-line react/no-array-index-key -- names may repeat, the list stays
                <li key={i}>
                  {title} <small>{detail}</small>
                </li>
              );
            })}
          </ul>
        </details>
      )}
    </div>
  );
}
