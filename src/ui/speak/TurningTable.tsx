/** What could stand in a token's place: how likely, the text it leads to, and how well that fits the picture. */
import { commands, stores } from '../../state/page';
import type { TokenView, Turning } from '../../state/speak/speak';
import { Words } from '../basics/Words';
import { useStore } from '../useStore';
import { decimal, percent, shown } from './tokenText';
import styles from './speak.module.css';

/** Highest cosine of them; undefined without a picture. */
const best = (turnings: readonly Turning[]): number | undefined => {
  const cosines = turnings.flatMap(({ spoken }) => spoken.fit?.cosine ?? []);
  return cosines.length > 0 ? Math.max(...cosines) : undefined;
};

export function TurningTable({ view }: { view: TokenView }) {
  const turnings = useStore(stores.speak, ({ written }) => written?.turnings);
  if (!turnings)
    return (
      <p className={styles['note']} role="status">
        Writing what each other token leads to …
      </p>
    );
  const highest = best(turnings);
  return (
    <ul className={styles['turnings']} aria-label={`In place of ${shown(view.text)}`}>
      {turnings.map((turning) => (
        <li key={turning.token}>
          <button
            type="button"
            aria-current={turning.token === view.token}
            data-testid="turning"
            onClick={() => void commands.speak.take(turning)}
          >
            <b>{shown(turning.text)}</b>
            <span className={`${styles['figure']} number`}>{percent(turning.probability)}</span>
            <span
              className={`${styles['figure']} number`}
              data-best={turning.spoken.fit?.cosine === highest}
            >
              {turning.spoken.fit ? decimal(turning.spoken.fit.cosine, 3) : ''}
            </span>
            <span className={styles['becomes']} data-becomes>
              {turning.spoken.text}
            </span>
          </button>
        </li>
      ))}
      <li className={styles['note']}>
        <Words>
          Each is carried on greedily; the number at the right is the cosine that CLIP would give
          it. Choose one to go on from there.
        </Words>
      </li>
    </ul>
  );
}
