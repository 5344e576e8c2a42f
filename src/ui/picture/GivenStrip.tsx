/** The pictures or sounds given so far, to look at again or to take away. */
import { useMemo } from 'react';
import { commands, stores } from '../../state/page';
import { lastGiven } from '../../state/pictures';
import { useWords } from '../basics/Words';
import { Thumbnail } from '../samples/Thumbnail';
import { useStore } from '../useStore';
import styles from './picture.module.css';

export function GivenStrip() {
  const words = useWords();
  const rows = useStore(stores.pictures, (pictures) => pictures.rows);
  const shown = useStore(stores.pictures, (pictures) => pictures.chosen ?? lastGiven(pictures)?.id);
  const given = useMemo(() => rows.filter(({ origin }) => origin === 'given'), [rows]);
  if (given.length === 0) return null;
  return (
    <ul className={styles['strip']} aria-label={words('Your pictures')}>
      {given.map(({ id, name }) => (
        <li key={id} className={styles['stripItem']}>
          <button
            type="button"
            className={styles['stripPicture']}
            aria-pressed={id === shown}
            onClick={() => stores.pictures.setState({ chosen: id })}
          >
            <Thumbnail id={id} alt={name} size={36} />
          </button>
          <button
            type="button"
            className={styles['remove']}
            aria-label={`Remove ${name}`}
            onClick={() => void commands.removePicture(id)}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}
