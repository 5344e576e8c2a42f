/** In place of the curve when the page cannot go on: why, and what to do. */
import { commands, stores } from '../../state/page';
import { Button } from '../basics/Button';
import { Icon } from '../basics/Icon';
import { useStore } from '../useStore';
import { FaultText } from './FaultText';
import styles from './notices.module.css';

export function FailedPanel() {
  const faults = useStore(stores.session, (session) => session.faults);
  const [first, ...others] = faults;
  return (
    <div className={styles['failed']} role="alert" data-testid="fault">
      <span className={styles['failedIcon']}>
        <Icon name="warning" />
      </span>
      {first && <FaultText fault={first} />}
      {others.length > 0 && (
        <details>
          <summary>What followed</summary>
          {others.map((fault) => (
            <FaultText key={JSON.stringify(fault)} fault={fault} />
          ))}
        </details>
      )}
      <Button look="primary" icon="reset" data-testid="retry" onClick={() => void commands.open()}>
        Retry
      </Button>
    </div>
  );
}
