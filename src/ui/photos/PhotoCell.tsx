/** One photo of the grid: its thumbnail, its name, whether it is held out, and a way to remove it. */
import { stores } from '../../state/page';
import type { PhotoRow } from '../../worker/protocol';
import { Icon } from '../basics/Icon';
import { useStore } from '../useStore';
import { BlobImage } from './BlobImage';
import styles from './photos.module.css';

interface PhotoCellProps {
  photo: PhotoRow;
  index: number;
  column: number;
  /** CSS pixels. */
  side: number;
  /** The one that the Tab key stops at. */
  isActive: boolean;
  onRemove(): void;
}

export function PhotoCell({ photo, index, column, side, isActive, onRemove }: PhotoCellProps) {
  const { hash, name, isHeldOut, isSeen } = photo;
  const thumbnail = useStore(stores.photos, ({ thumbnails }) => thumbnails.get(hash));
  return (
    <div
      role="gridcell"
      aria-colindex={column + 1}
      className={`${styles['cell']} ${isSeen ? '' : styles['unseen']}`}
      data-index={index}
      data-testid="photo"
      title={name}
    >
      <span className={styles['frame']} style={{ height: side }}>
        {thumbnail && <BlobImage blob={thumbnail} />}
        {isHeldOut && <span className={styles['mark']}>held out</span>}
      </span>
      <span className={styles['name']}>{name}</span>
      <button
        type="button"
        className={styles['remove']}
        tabIndex={isActive ? 0 : -1}
        aria-label={`Remove ${name}`}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
