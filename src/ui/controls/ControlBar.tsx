/** Train, pause, step, reset, and the weights in and out; stays in reach on a phone. */
import { useEffect, useRef, type RefObject } from 'react';
import { stores } from '../../state/page';
import { useStore } from '../useStore';
import { ActionButton } from './ActionButton';
import styles from './ControlBar.module.css';
import { MoreExports } from './MoreExports';

/** Train and pause disable one another; the keyboard focus must not get lost on the disabled one. */
function useFocusHandover(bar: RefObject<HTMLDivElement | null>) {
  useEffect(() => {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLButtonElement) || !focused.disabled) return;
    if (!bar.current?.contains(focused)) return;
    const counterpart = "[data-testid='train']:enabled, [data-testid='pause']:enabled";
    bar.current.querySelector<HTMLButtonElement>(counterpart)?.focus();
  });
}

export function ControlBar() {
  const bar = useRef<HTMLDivElement>(null);
  const status = useStore(stores.session, (session) => session.status);
  useFocusHandover(bar);
  const isTraining = status === 'training';
  return (
    <div className={styles['container']}>
      <div ref={bar} className={styles['bar']} role="toolbar" aria-label="Training">
        <div className={styles['group']}>
          <ActionButton
            id="train"
            testId="train"
            look={isTraining ? 'plain' : 'primary'}
            label="needed"
          />
          <ActionButton
            id="pause"
            testId="pause"
            look={isTraining ? 'primary' : 'plain'}
            label="needed"
          />
          <ActionButton id="step" testId="step" label="useful" />
          <ActionButton id="reset" testId="reset" label="useful" />
        </div>
        <div className={styles['group']}>
          <ActionButton id="export" testId="export" look="quiet" />
          <MoreExports />
          <ActionButton id="import" look="quiet" />
        </div>
      </div>
    </div>
  );
}
