/** The one thing to do, or how far what is being done has come, and a way to stop it; what went wrong. */
import type { ReactNode } from 'react';
import { commands, stores } from '../../state/page';
import type { SpeakWork } from '../../state/speak/speak';
import { Button } from '../basics/Button';
import { FaultText } from '../notices/FaultText';
import { useStore } from '../useStore';
import styles from './speak.module.css';

interface WorkBarProps {
  /** What is shown as under way here. */
  of: readonly SpeakWork[];
  children: ReactNode;
}

export function WorkBar({ of, children }: WorkBarProps) {
  const isBusy = useStore(stores.speak, ({ work }) => work !== undefined && of.includes(work));
  const progress = useStore(stores.speak, (speak) => speak.progress);
  const isTraining = useStore(stores.session, ({ status }) => status === 'training');
  const fault = useStore(stores.speak, (speak) => speak.fault);
  const waiting = isTraining ? 'After the running update …' : 'Reading …';
  return (
    <>
      <div className={styles['bar']}>
        {isBusy ? (
          <>
            <span role="status" className="number">
              {progress ? `Token ${progress.done + 1} of at most ${progress.of}` : waiting}
            </span>
            <Button onClick={() => commands.speak.cancel()}>Stop</Button>
          </>
        ) : (
          children
        )}
      </div>
      {fault && (
        <div className={styles['fault']} role="alert" data-testid="speak-fault">
          <FaultText fault={fault} />
        </div>
      )}
    </>
  );
}
