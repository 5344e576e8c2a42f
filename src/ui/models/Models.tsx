/** Which models speak and judge: choose a pair, see what it needs, download it, go over to it. */
import { useEffect } from 'react';
import { modelCommands, stores } from '../../state/page';
import { useStore } from '../useStore';
import { OwnFiles } from './OwnFiles';
import { FaultNote } from './FaultNote';
import { HubFields } from './HubFields';
import styles from './models.module.css';
import { PairChoice } from './PairChoice';
import { PlanPanel } from './PlanPanel';
import { StoredList } from './StoredList';

export function Models({ onUse }: { onUse(): void }) {
  const fault = useStore(stores.models, (models) => models.fault);
  useEffect(() => {
    void modelCommands.refreshStored();
  }, []);
  return (
    <>
      <PairChoice />
      {fault && <FaultNote fault={fault} />}
      <PlanPanel onUse={onUse} />
      <h3 className={styles['heading']}>Stored on this disk</h3>
      <StoredList />
      <OwnFiles />
      <h3 className={styles['heading']}>Where models come from</h3>
      <HubFields />
    </>
  );
}
