/** In place of the curve while the models load: what is coming, and how far it is. */
import { stores } from '../../state/page';
import type { Status } from '../../worker/protocol';
import { useStore } from '../useStore';
import { World } from '../World';
import styles from './notices.module.css';

const DOING: Partial<Record<Status, string>> = {
  checking: 'Looking for a graphics adapter',
  loading: 'Loading the models',
  compiling: 'Compiling the GPU programs',
};

export function LoadingPanel() {
  const status = useStore(stores.session, (session) => session.status);
  const note = useStore(stores.session, (session) => session.note);
  const progress = useStore(stores.session, (session) => session.progress);
  const share = progress && progress.total > 0 ? progress.done / progress.total : undefined;
  const doing = note ?? DOING[status] ?? '';
  return (
    <div className={styles['loading']}>
      <svg className={styles['ghost']} viewBox="0 0 400 120" aria-hidden="true">
        <path d="M4 108C40 108 60 96 90 92S130 60 170 48 230 32 270 24s80-8 126-12" />
      </svg>
      <p className={styles['title']}>{doing}</p>
      <progress value={share} aria-label={doing} />
      <p className={`${styles['what']} number`}>{progress?.what ?? ''}</p>
      <p className={styles['world']}>
        <World />
      </p>
    </div>
  );
}
