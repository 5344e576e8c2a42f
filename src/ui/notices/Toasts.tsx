/** Mishaps that changed nothing (and good news), in a corner until dismissed or superseded. */
import { commands, stores } from '../../state/page';
import { Button } from '../basics/Button';
import { Icon } from '../basics/Icon';
import { useStore } from '../useStore';
import { FaultText } from './FaultText';
import styles from './notices.module.css';

/** More would cover the page; the rest is counted. */
const SHOWN_FAULTS = 3;

export function Toasts() {
  const isFailed = useStore(stores.session, ({ status }) => status === 'failed');
  const faults = useStore(stores.session, (session) => session.faults);
  const message = useStore(stores.session, (session) => session.message);
  const hidden = faults.length - SHOWN_FAULTS;
  const dismiss = (
    <Button icon="close" look="quiet" aria-label="Dismiss" onClick={commands.dismissFaults} />
  );
  return (
    <div className={styles['toasts']}>
      {/* The live region must be there before its text is. */}
      <div role="status">
        {message && (
          <div className={`${styles['toast']} ${styles['good']}`}>
            <Icon name="check" />
            <p data-testid="message">{message}</p>
            {dismiss}
          </div>
        )}
      </div>
      {!isFailed && faults.length > 0 && (
        <div className={`${styles['toast']} ${styles['bad']}`} role="alert" data-testid="fault">
          <Icon name="warning" />
          <div className={styles['faults']}>
            {faults.slice(0, SHOWN_FAULTS).map((fault) => (
              <FaultText key={JSON.stringify(fault)} fault={fault} />
            ))}
            {hidden > 0 && <p>and {hidden} more</p>}
          </div>
          {dismiss}
        </div>
      )}
    </div>
  );
}
