/** The models on this disk, with what they take, and a way to be rid of them. */
import { modelCommands, stores } from '../../state/page';
import { Button } from '../basics/Button';
import { bytes } from '../format';
import { useStore } from '../useStore';
import styles from './models.module.css';

export function StoredList() {
  const stored = useStore(stores.models, (models) => models.stored);
  const isBusy = useStore(stores.models, (models) => models.activity !== 'idle');
  const used = useStore(stores.models, ({ pair }) => `${pair.lm} ${pair.clip}`).split(' ');
  if (stored.length === 0) return <p className={styles['none']}>Nothing yet.</p>;
  const repositories = [...new Set(stored.map(({ repository }) => repository))].toSorted();
  return (
    <ul className={styles['stored']} data-testid="models-stored">
      {repositories.map((repository) => {
        const files = stored.filter((file) => file.repository === repository);
        const parts = files.filter(({ isWhole }) => !isWhole).length;
        return (
          <li key={repository}>
            <span>
              <b>{repository}</b>
              <small className="number">
                {bytes(files.reduce((sum, file) => sum + file.bytes, 0))} in {files.length}{' '}
                {files.length === 1 ? 'file' : 'files'}
                {parts > 0 && `, ${parts} unfinished`}
              </small>
            </span>
            <Button
              disabled={isBusy || used.includes(repository)}
              aria-label={`Delete ${repository}`}
              onClick={() => void modelCommands.remove(repository)}
            >
              Delete
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
