/** Whether the run trains on the photos: a choice in the bundled world, a matter of course elsewhere. */
import { Switch } from 'radix-ui';
import { useId } from 'react';
import { isBundled } from '../../esper/pair';
import { commands, stores } from '../../state/page';
import { countPhotos } from '../../state/photos';
import { useStore } from '../useStore';
import styles from './photos.module.css';

/** A run's table has so many rows; what is beyond them is not drawn. */
function TableNote() {
  const rows = useStore(stores.settings, ({ config }) => config.trainingPictures);
  const training = useStore(stores.photos, ({ summary }) => countPhotos(summary).training);
  if (training <= rows) return null;
  return (
    <p className={styles['note']}>
      A run draws from {rows.toLocaleString('en')} of them; “Training pictures” in the Settings
      takes more.
    </p>
  );
}

export function TrainOn() {
  const id = useId();
  const isChoice = useStore(stores.models, ({ pair }) => isBundled(pair));
  const isChosen = useStore(stores.photos, ({ summary }) => summary?.settings.isChosen ?? false);
  const trainsOn = useStore(stores.photos, ({ summary }) => summary?.trainsOn);
  if (!isChoice)
    return (
      <>
        <p className={styles['note']} data-testid="photos-source">
          {trainsOn === 'photos'
            ? 'The run trains on these photos.'
            : 'The run trains on generated scenes until CLIP has seen a photo.'}
        </p>
        <TableNote />
      </>
    );
  return (
    <div className={styles['choice']}>
      <div>
        <label htmlFor={id}>Train on my photos</label>
        <p className={styles['note']} data-testid="photos-source">
          {trainsOn === 'photos'
            ? 'The run trains on these photos.'
            : 'The run trains on generated scenes.'}{' '}
          The bundled CLIP has only ever seen shapes; for photos choose another pair under Models.
        </p>
        <TableNote />
      </div>
      <Switch.Root
        id={id}
        className={styles['switch']}
        checked={isChosen}
        onCheckedChange={(checked) => void commands.photos.trainOnPhotos(checked)}
        data-testid="photos-choose"
      >
        <Switch.Thumb className={styles['thumb']} />
      </Switch.Root>
    </div>
  );
}
