/** In place of the training set of photos, where the models listen. */
import { Sheet } from '../basics/Sheet';
import styles from './sound.module.css';

interface NoTrainingSetProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

export function NoTrainingSet(props: NoTrainingSetProps) {
  return (
    <Sheet
      title="Sounds to train on"
      description="A run with a CLAP trains on generated sounds."
      place="side"
      {...props}
    >
      <p className={styles['note']}>
        Sets of one’s own sounds are not offered yet. Sounds that you drop, choose or record are
        captioned and scored as the run goes on, and are never trained on.
      </p>
    </Sheet>
  );
}
