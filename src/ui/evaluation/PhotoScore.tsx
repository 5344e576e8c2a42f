/** The mean cosine of held-out photos' greedy captions: its latest value, and how it came there. */
import { countPhotos } from '../../state/photos';
import { stores } from '../../state/page';
import { useStore } from '../useStore';
import styles from './evaluation.module.css';

/** Of the curve's drawing plane. */
const WIDTH = 100;
const HEIGHT = 40;

/** Points over the updates, the lowest value at the bottom: "0,40 50,12 …". */
function polyline(history: readonly { update: number; cosine: number }[]): string {
  const updates = history.map(({ update }) => update);
  const cosines = history.map(({ cosine }) => cosine);
  const place = (value: number, values: readonly number[]) => {
    const low = Math.min(...values);
    return (value - low) / (Math.max(...values) - low || 1);
  };
  return history
    .map(({ update, cosine }) => {
      const x = WIDTH * place(update, updates);
      const y = HEIGHT * (1 - place(cosine, cosines));
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}

export function PhotoScore() {
  const history = useStore(stores.evaluations, (evaluations) => evaluations.history);
  const heldOut = useStore(stores.photos, ({ summary }) => countPhotos(summary).heldOut);
  const scores = history.filter((evaluation) => evaluation.of === 'photos');
  const latest = scores.at(-1);
  if (!latest)
    return (
      <p className={styles['cosine']}>
        {heldOut > 0
          ? `${heldOut} held-out photos are captioned every 20 updates, and at every pause.`
          : 'From ten photos on, a share of them is held out and measured here.'}
      </p>
    );
  const first = scores[0]!;
  return (
    <>
      <p className={`${styles['score']} number`}>
        <b data-testid="evaluation-cosine">{latest.cosine.toFixed(3)}</b> cosine
      </p>
      {scores.length > 1 && (
        <svg
          className={styles['curve']}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Cosine of held-out photos: ${first.cosine.toFixed(3)} at update ${first.update}, ${latest.cosine.toFixed(3)} at update ${latest.update}.`}
        >
          <polyline points={polyline(scores)} />
        </svg>
      )}
      <p className={`${styles['cosine']} number`}>
        {scores.length > 1
          ? `from ${first.cosine.toFixed(3)} at update ${first.update}`
          : 'measured every 20 updates, and at every pause'}
      </p>
    </>
  );
}
