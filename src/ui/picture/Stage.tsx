/** The picture or sound last given (or chosen again), with what was said of it at step 0 and is said now. */
import { commands, stores } from '../../state/page';
import { lastGiven, type PendingPicture, type PicturesState } from '../../state/pictures';
import { useState } from 'react';
import type { PictureRow } from '../../worker/protocol';
import { Button } from '../basics/Button';
import { useModality, useWords } from '../basics/Words';
import { Caption } from '../samples/Caption';
import { Thumbnail } from '../samples/Thumbnail';
import { Playable } from '../sound/Playable';
import { StylesSheet } from '../styled/StylesSheet';
import { useStore } from '../useStore';
import styles from './picture.module.css';

/** The picture that the person chose, else the last one given. */
const staged = (pictures: PicturesState): PictureRow | undefined =>
  pictures.rows.find(({ id }) => id === pictures.chosen) ?? lastGiven(pictures);

function Waiting({ picture }: { picture: PendingPicture }) {
  const isTraining = useStore(stores.session, ({ status }) => status === 'training');
  const words = useWords();
  const reason = words(isTraining ? 'Looking, after the running update …' : 'Looking …');
  return (
    <div className={styles['stage']}>
      {picture.url === undefined ? (
        <Frame />
      ) : (
        <img className={styles['staged']} src={picture.url} alt={picture.name} />
      )}
      <p className={styles['waiting']} role="status">
        {reason}
      </p>
    </div>
  );
}

function Captioned({ row }: { row: PictureRow }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className={styles['stage']}>
      <div className={styles['look']}>
        <Playable id={row.id} name={row.name}>
          <Thumbnail id={row.id} alt={row.name} size={112} />
        </Playable>
        <Button onClick={() => setIsOpen(true)}>In all styles</Button>
      </div>
      <dl className={styles['captions']}>
        <div>
          <dt>before, at step 0</dt>
          <dd className={styles['before']} data-testid="caption-before">
            <Caption text={row.before} />
          </dd>
        </div>
        <div>
          <dt>
            now, update <span className="number">{row.update}</span>
          </dt>
          <dd className={styles['now']} data-testid="caption-now" aria-live="polite">
            <Caption text={row.now} />
          </dd>
        </div>
        <div className={styles['scores']}>
          <dt>cosine</dt>
          <dd className="number">{row.score?.cosine.toFixed(3) ?? '–'}</dd>
          <dd className={styles['speak']}>
            <Button
              look="quiet"
              data-testid="speak"
              onClick={() => void commands.speak.open(row.id)}
            >
              Speak …
            </Button>
          </dd>
        </div>
      </dl>
      <StylesSheet row={row} isOpen={isOpen} onOpenChange={setIsOpen} />
    </div>
  );
}

const INVITATIONS = {
  picture: 'Choose, draw or drop a picture',
  sound: 'Record, choose or drop a sound',
} as const;

/** Where nothing can be shown yet. */
function Frame() {
  return (
    <div className={styles['emptyFrame']} aria-hidden="true">
      <span>?</span>
    </div>
  );
}

export function Stage() {
  const modality = useModality();
  const row = useStore(stores.pictures, staged);
  const waiting = useStore(stores.pictures, ({ pending }) => pending.at(-1));
  if (waiting) return <Waiting picture={waiting} />;
  if (row) return <Captioned row={row} />;
  return (
    <div className={styles['stage']}>
      <Frame />
      <p className={styles['invitation']}>
        {INVITATIONS[modality]}: see what the untrained model says of it, then watch that change.
      </p>
    </div>
  );
}
