/** Captions judged on references: what is evaluated, the set's figures, and a table of the images. */
import { useEffect } from 'react';
import { isBundled } from '../../esper/pair';
import { commands, stores } from '../../state/page';
import { isOpen as hasModels } from '../../state/session';
import { Icon } from '../basics/Icon';
import { FaultText } from '../notices/FaultText';
import { useStore } from '../useStore';
import { FiguresPanel } from './FiguresPanel';
import { ImagesTable } from './ImagesTable';
import { LeftOut } from './LeftOut';
import { RunBar } from './RunBar';
import { Sources } from './Sources';
import styles from './evaluate.module.css';

function FaultNote() {
  const fault = useStore(stores.evaluate, (state) => state.fault);
  if (!fault) return null;
  return (
    <div className={styles['fault']} role="alert" data-testid="evaluate-fault">
      <Icon name="warning" />
      <FaultText fault={fault} />
    </div>
  );
}

/** The bundled world needs no files: its scenes are evaluated as soon as somebody looks. */
function useFirstRun() {
  const canRun = useStore(stores.session, hasModels);
  const isBundledPair = useStore(stores.models, ({ pair }) => isBundled(pair));
  useEffect(() => {
    const { report, references, activity } = stores.evaluate.getState();
    if (canRun && isBundledPair && !report && !references && activity === 'idle')
      void commands.evaluate.run();
  }, [canRun, isBundledPair]);
}

export function Evaluate() {
  useFirstRun();
  const report = useStore(stores.evaluate, (state) => state.report);
  return (
    <div className={styles['sheet']}>
      <Sources />
      <RunBar />
      <FaultNote />
      {report && (
        <>
          <FiguresPanel report={report} />
          <LeftOut report={report} />
          <ImagesTable report={report} />
        </>
      )}
    </div>
  );
}
