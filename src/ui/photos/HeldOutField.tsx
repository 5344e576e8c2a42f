/** The share of the photos that is held out, typed in percent. */
import { useId, useState, type KeyboardEvent } from 'react';
import { commands, stores } from '../../state/page';
import { parseShare } from '../../state/photos';
import { MOST_HELD_OUT } from '../../worker/protocol';
import { Term } from '../basics/Hint';
import { useStore } from '../useStore';
import styles from './photos.module.css';

const HELP =
  'Held-out photos are never trained on; their captions tell whether the model has learnt to see or only to remember. Which ones is settled by the files themselves, so it stays the same over reloads. Change the share before training: what a run has trained on, it may remember.';

export function HeldOutField() {
  const id = useId();
  const share = useStore(stores.photos, ({ summary }) => summary?.settings.heldOutShare ?? 0);
  /** What is being typed, while it differs or is refused. */
  const [draft, setDraft] = useState<string>();
  const text = draft ?? String(Math.round(1000 * share) / 10);
  const isRefused = draft !== undefined && parseShare(draft, MOST_HELD_OUT) === undefined;

  const commit = () => {
    const wanted = parseShare(text, MOST_HELD_OUT);
    if (wanted === undefined) return;
    setDraft(undefined);
    if (wanted !== share) void commands.photos.setHeldOutShare(wanted);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit();
    // The first Escape takes the draft back, the next one closes the sheet.
    if (event.key !== 'Escape' || draft === undefined) return;
    event.stopPropagation();
    setDraft(undefined);
  };
  return (
    <div className={styles['field']}>
      <label htmlFor={id} className="hidden-visually">
        Held out, percent
      </label>
      <Term help={HELP}>Held out</Term>
      <span className={styles['share']}>
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          aria-invalid={isRefused}
          aria-describedby={`${id}-problem`}
          data-testid="photos-share"
          onChange={({ target }) => setDraft(target.value)}
          onBlur={commit}
          onKeyDown={onKeyDown}
        />
        %
      </span>
      <p id={`${id}-problem`} className={styles['problem']} aria-live="polite">
        {isRefused && `A number from 0 to ${100 * MOST_HELD_OUT}`}
      </p>
    </div>
  );
}
