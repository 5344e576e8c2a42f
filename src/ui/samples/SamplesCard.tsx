/** The watched scenes beside the curve: what was said at step 0, what is said now, how it scores. */
import { useMemo } from 'react';
import { stores } from '../../state/page';
import type { PictureRow } from '../../worker/protocol';
import { Card } from '../basics/Card';
import { Hint, Term } from '../basics/Hint';
import { useModality, useWords } from '../basics/Words';
import { Playable } from '../sound/Playable';
import { useStore } from '../useStore';
import { Caption } from './Caption';
import styles from './samples.module.css';
import { Thumbnail } from './Thumbnail';

const SKELETON_ROWS = 6;

const HELP = {
  cosine: 'How well the caption fits the picture by CLIP, −1 to 1.',
  reward: 'What training would give for this caption.',
  kl: 'How far the caption strays from what the language model would say blindly, in nats.',
};

const HELD_OUT = {
  picture: 'This pair of colour and shape is never trained on.',
  sound: 'This pair of instrument and rhythm is never trained on.',
} as const;

function HeldOut() {
  const modality = useModality();
  return (
    <Hint text={HELD_OUT[modality]} side="top">
      <button type="button" className={styles['badge']}>
        held out
      </button>
    </Hint>
  );
}

function Row({ row }: { row: PictureRow }) {
  return (
    <tr data-testid="sample-row">
      <td>
        <Playable id={row.id} name={row.name}>
          <Thumbnail id={row.id} alt={row.truth ?? row.name} size={48} />
        </Playable>
        {row.heldOut && <HeldOut />}
      </td>
      <td className={styles['texts']}>
        <p className={styles['before']}>
          <span className="hidden-visually">At step 0: </span>
          <Caption text={row.before} />
        </p>
        <p className={styles['now']}>
          <span className="hidden-visually">Now: </span>
          <Caption text={row.now} truth={row.truth} />
        </p>
      </td>
      <td className={styles['score']}>{row.score?.cosine.toFixed(2) ?? '–'}</td>
      <td className={styles['minor']}>{row.score?.reward.toFixed(1) ?? '–'}</td>
      <td className={styles['minor']}>{row.score?.kl.toFixed(1) ?? '–'}</td>
    </tr>
  );
}

function Skeleton() {
  return (
    <div aria-hidden="true">
      {Array.from({ length: SKELETON_ROWS }, (_, i) => (
        <div key={i} className={styles['skeleton']}>
          <span className={styles['bonePicture']} />
          <span className={styles['bones']}>
            <span className={styles['bone']} style={{ width: '55%' }} />
            <span className={styles['bone']} style={{ width: '80%' }} />
          </span>
        </div>
      ))}
    </div>
  );
}

export function SamplesCard({ className }: { className?: string | undefined }) {
  const words = useWords();
  const rows = useStore(stores.pictures, (pictures) => pictures.rows);
  const isFailed = useStore(stores.session, ({ status }) => status === 'failed');
  const watched = useMemo(() => rows.filter(({ origin }) => origin === 'watched'), [rows]);
  const written = watched.reduce((latest, { update }) => Math.max(latest, update), 0);
  const hasWarmStart = useStore(stores.settings, ({ config }) => config.warmStartUpdates > 0);
  const legend = hasWarmStart
    ? '. Training sees no picture with a caption; the warm start reads texts alone.'
    : ', which training never sees.';
  const aside = watched.length > 0 && `greedy captions, update ${written}`;
  return (
    <Card title="Watched samples" aside={aside} className={className}>
      <div className={styles['scroll']}>
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">
                <span className="hidden-visually">{words('Picture')}</span>
              </th>
              <th scope="col">At step 0, and now</th>
              <th scope="col">
                <Term help={HELP.cosine}>cosine</Term>
              </th>
              <th scope="col" className={styles['minor']}>
                <Term help={HELP.reward}>reward</Term>
              </th>
              <th scope="col" className={styles['minor']}>
                <Term help={HELP.kl}>KL</Term>
              </th>
            </tr>
          </thead>
          <tbody>
            {watched.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </tbody>
        </table>
        {watched.length === 0 && !isFailed && <Skeleton />}
      </div>
      <p className={styles['legend']}>
        <mark>Marked</mark>: words of the true caption{legend}
      </p>
    </Card>
  );
}
