/** One picture captioned in all styles, side by side; written when the sheet opens, and again when asked. */
import { useEffect, useId, type FormEvent } from 'react';
import { commands, stores } from '../../state/page';
import type { PictureRow } from '../../worker/protocol';
import { Button } from '../basics/Button';
import { FaultNote } from '../models/FaultNote';
import { Caption } from '../samples/Caption';
import { Thumbnail } from '../samples/Thumbnail';
import { useStore } from '../useStore';
import styles from './styled.module.css';

/** As long a text as the setting of the same name takes. */
const MOST_LETTERS = 200;

/** Mounted when the sheet opens, which has the captions written. */
export function InStyles({ row }: { row: PictureRow }) {
  const { id, name } = row;
  useEffect(() => {
    void commands.styles.write(id);
  }, [id]);
  return (
    <>
      <figure className={styles['picture']}>
        <Thumbnail id={id} alt="" size={96} />
        <figcaption>
          <strong>{name}</strong>
          <Provenance id={id} />
        </figcaption>
      </figure>
      <Labels id={id} />
      <Written id={id} />
    </>
  );
}

/** What the run was trained to follow, without which the captions cannot be judged. */
const TRAINED = {
  pair: 'The run trains after one query; other styles come from the language model alone.',
  prompt: 'The run trains after one prompt; other styles come from the language model alone.',
  'opening-words': 'The run trains after opening words; styles come from the language model alone.',
  styles: 'The run trains after all of its labels.',
} as const;

function Provenance({ id }: { id: string }) {
  const update = useStore(stores.styles, ({ written }) =>
    written?.id === id ? written.update : undefined,
  );
  const query = useStore(stores.session, ({ run }) => run?.config.query ?? 'pair');
  return (
    <p className={styles['note']}>
      {update !== undefined && (
        <>
          Update <span className="number">{update}</span>.{' '}
        </>
      )}
      {TRAINED[query]}
    </p>
  );
}

function Labels({ id }: { id: string }) {
  const field = useId();
  const labels = useStore(stores.styles, (state) => state.labels);
  const isWriting = useStore(stores.styles, (state) => state.isWriting);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void commands.styles.write(id);
  };
  return (
    <form className={styles['form']} onSubmit={onSubmit}>
      <label htmlFor={field}>Labels, separated by commas</label>
      <input
        id={field}
        value={labels}
        maxLength={MOST_LETTERS}
        placeholder="those of the language model"
        autoComplete="off"
        onChange={({ target }) => commands.styles.type(target.value)}
      />
      <Button type="submit" disabled={isWriting}>
        Write
      </Button>
    </form>
  );
}

function Written({ id }: { id: string }) {
  const { written, isWriting, fault } = useStore(stores.styles, (state) => state);
  const isTraining = useStore(stores.session, ({ status }) => status === 'training');
  const shown = written?.id === id ? written : undefined;
  const waiting = isTraining ? 'Writing, after the running update …' : 'Writing …';
  return (
    <>
      <p className={styles['waiting']} role="status">
        {isWriting && waiting}
      </p>
      {fault && <FaultNote fault={fault} />}
      {shown && (
        <table className={styles['captions']} aria-busy={isWriting} data-testid="in-styles">
          <colgroup>
            <col className={styles['label']} />
            <col />
            <col className={styles['cosine']} />
          </colgroup>
          <thead className="hidden-visually">
            <tr>
              <th scope="col">Style</th>
              <th scope="col">Caption</th>
              <th scope="col">Cosine</th>
            </tr>
          </thead>
          <tbody>
            {shown.captions.map(({ label, text, cosine }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>
                  <Caption text={text} />
                </td>
                <td className="number" title="CLIP’s cosine of picture and caption">
                  {cosine.toFixed(2)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
