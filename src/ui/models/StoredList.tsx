/** The models on this disk, with what they take, and a way to be rid of them. */
import type { ModelsState } from '../../state/models';
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
        return (
          <li key={repository}>
            <span>
              <b>{repository}</b>
              <Files files={files} />
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

function Files({ files }: { files: ModelsState['stored'] }) {
  const parts = files.filter(({ isWhole }) => !isWhole).length;
  return (
    <details className={styles['files']}>
      <summary className="number">
        {bytes(files.reduce((sum, file) => sum + file.bytes, 0))} in {files.length}{' '}
        {files.length === 1 ? 'file' : 'files'}
        {parts > 0 && `, ${parts} unfinished`}
      </summary>
      <ul>
        {files
          .toSorted((a, b) => a.path.localeCompare(b.path))
          .map(({ path, bytes: size, isWhole }) => (
            <li key={path} className="number">
              <span>{path}</span>
              <span>
                {bytes(size)}
                {!isWhole && ', unfinished'}
              </span>
            </li>
          ))}
      </ul>
    </details>
  );
}
