/** Which images of the references the figures do not speak of, and why; and which they say less of. */
import { describeFault } from '../../faults';
import type { Report } from '../../state/evaluate/report';
import { counted } from '../format';
import styles from './evaluate.module.css';

export function LeftOut({ report: { leftOut, faults, rows } }: { report: Report }) {
  const { withoutCaption, withoutPicture } = leftOut;
  const trainedOn = rows.filter(({ isTrainedOn }) => isTrainedOn).length;
  return (
    <div className={styles['leftOut']}>
      {trainedOn > 0 && (
        <p>{counted(trainedOn, 'image')} among them that the run trains on: not held out.</p>
      )}
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
