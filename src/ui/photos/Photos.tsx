/** The person's training set: add pictures, see which are trained on and which are held out, remove. */
import { stores } from '../../state/page';
import { countPhotos } from '../../state/photos';
import { bytes } from '../format';
import { useStore } from '../useStore';
import { AddPhotos } from './AddPhotos';
import { HeldOutField } from './HeldOutField';
import { IntakePanel } from './IntakePanel';
import { PhotoGrid } from './PhotoGrid';
import styles from './photos.module.css';
import { RemovalBar } from './RemovalBar';
import { TrainOn } from './TrainOn';

function Counts() {
  const summary = useStore(stores.photos, (photos) => photos.summary);
  const { training, heldOut, unseen } = countPhotos(summary);
  return (
    <p className={`${styles['counts']} number`} data-testid="photos-counts">
      <b>{training.toLocaleString('en')}</b> to train on, <b>{heldOut.toLocaleString('en')}</b> held
      out
      {unseen > 0 && `, ${unseen.toLocaleString('en')} not seen yet`}
      <small>{bytes(summary?.bytes ?? 0)} on this disk</small>
    </p>
  );
}

function Empty() {
  return (
    <div className={styles['empty']}>
      <p>No photos yet.</p>
      <p>
        Choose hundreds of pictures, or drop a folder here. Each is looked at once; what CLIP saw of
        it is kept in this browser.
      </p>
    </div>
  );
}

export function Photos() {
  const isEmpty = useStore(stores.photos, ({ summary }) => countPhotos(summary).all === 0);
  return (
    <div className={styles['sheet']}>
      <AddPhotos />
      <IntakePanel />
      {isEmpty ? (
        <Empty />
      ) : (
        <>
          <TrainOn />
          <HeldOutField />
          <Counts />
        </>
      )}
      <RemovalBar />
      {!isEmpty && <PhotoGrid />}
    </div>
  );
}
