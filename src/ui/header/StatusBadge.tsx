/** The one status of the page, as a word; changes are read out. */
import { stores } from '../../state/page';
import type { Status } from '../../worker/protocol';
import { useStore } from '../useStore';
import styles from './StatusBadge.module.css';

const TONES: Readonly<Record<Status, string>> = {
  checking: 'busy',
  loading: 'busy',
  compiling: 'busy',
  ready: 'calm',
  training: 'live',
  paused: 'calm',
  failed: 'bad',
};

export function StatusBadge() {
  const status = useStore(stores.session, (session) => session.status);
  return (
    <span className={`${styles['badge']} ${styles[TONES[status]]}`} role="status">
      <span className={styles['dot']} aria-hidden="true" />
      <span data-testid="status">{status}</span>
    </span>
  );
}
