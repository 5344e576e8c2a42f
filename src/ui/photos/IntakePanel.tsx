/** How adding goes, with a way to stop it; and afterwards what was not added, file by file. */
import { describeFault } from '../../faults';
import { commands, stores } from '../../state/page';
import { countPhotos } from '../../state/photos';
import { Button } from '../basics/Button';
import { useStore } from '../useStore';
import styles from './photos.module.css';

const files = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'file' : 'files'}`;

function LeftOut() {
  const duplicates = useStore(stores.photos, ({ progress }) => progress?.duplicates);
  const failed = useStore(stores.photos, ({ progress }) => progress?.failed);
  return (
    <>
      {duplicates && duplicates.length > 0 && (
        <details className={styles['leftOut']} data-testid="photos-duplicates">
          <summary>{files(duplicates.length)} skipped: already in the set</summary>
          <ul>
            {duplicates.map((name, i) => (
              // oxlint-disable-next-line react/no-array-index-key -- names may repeat, the list only grows
              <li key={i}>{name}</li>
            ))}
          </ul>
        </details>
      )}
      {failed && failed.length > 0 && (
        <details className={styles['leftOut']} data-testid="photos-failed">
          <summary>{files(failed.length)} skipped: not readable as a picture</summary>
          <ul>
            {failed.map((fault, i) => {
              const { title, detail } = describeFault(fault);
              return (
                // oxlint-disable-next-line react/no-array-index-key -- names may repeat, the list only grows
                <li key={i}>
                  {fault.kind === 'bad-image' ? fault.file : title}
                  <small>{detail}</small>
                </li>
              );
            })}
          </ul>
        </details>
      )}
    </>
  );
}

export function IntakePanel() {
  const isRunning = useStore(stores.photos, ({ progress }) => progress?.isRunning ?? false);
  const done = useStore(stores.photos, ({ progress }) => progress?.done ?? 0);
  const of = useStore(stores.photos, ({ progress }) => progress?.of ?? 0);
  const unseen = useStore(stores.photos, ({ summary }) => countPhotos(summary).unseen);
  return (
    <div className={styles['intake']}>
      {isRunning && (
        <div className={styles['running']} data-testid="photos-progress">
          <p className="number">
            CLIP looks at the pictures: {done.toLocaleString('en')} of {of.toLocaleString('en')}
          </p>
          <progress value={done} max={Math.max(1, of)} aria-label="Pictures looked at" />
          <Button onClick={() => void commands.photos.cancel()} data-testid="photos-cancel">
            Cancel
          </Button>
        </div>
      )}
      {!isRunning && unseen > 0 && (
        <div className={styles['running']}>
          <p className="number">
            {unseen.toLocaleString('en')} {unseen === 1 ? 'photo is' : 'photos are'} not seen by
            CLIP yet and not used.
          </p>
          <Button onClick={() => void commands.photos.see()}>Look at them</Button>
        </div>
      )}
      <LeftOut />
    </div>
  );
}
