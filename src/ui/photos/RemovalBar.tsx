/** Removing all photos, and taking the last removal back. */
import { commands, stores } from '../../state/page';
import { Button } from '../basics/Button';
import { useStore } from '../useStore';
import styles from './photos.module.css';

export function RemovalBar() {
  const undoable = useStore(stores.photos, ({ summary }) => summary?.undoable ?? 0);
  const count = useStore(stores.photos, ({ summary }) => summary?.rows.length ?? 0);
  const removeAll = () => {
    const rows = stores.photos.getState().summary?.rows ?? [];
    void commands.photos.remove(rows.map(({ hash }) => hash));
  };
  return (
    <div className={styles['removal']}>
      {/* The live region must be there before its text is. */}
      <p role="status" className="number">
        {undoable > 0 &&
          `Removed ${undoable.toLocaleString('en')} ${undoable === 1 ? 'photo' : 'photos'}.`}
      </p>
      {undoable > 0 && (
        <Button icon="undo" onClick={() => void commands.photos.undo()} data-testid="photos-undo">
          Undo
        </Button>
      )}
      {count > 0 && (
        <Button look="quiet" onClick={removeAll} data-testid="photos-remove-all">
          Remove all
        </Button>
      )}
    </div>
  );
}
