/** Which models speak and judge: choose a pair, see what it needs, download it, go over to it. */
import { useEffect } from 'react';
import { modelCommands, stores } from '../../state/page';
import { Sheet } from '../basics/Sheet';
import { useStore } from '../useStore';
import { OwnFiles } from './OwnFiles';
import { FaultNote } from './FaultNote';
import { HubFields } from './HubFields';
import styles from './models.module.css';
import { PairChoice } from './PairChoice';
import { PlanPanel } from './PlanPanel';
import { StoredList } from './StoredList';

interface ModelsSheetProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

export function ModelsSheet(props: ModelsSheetProps) {
  const fault = useStore(stores.models, (models) => models.fault);
  const { isOpen } = props;
  useEffect(() => {
    if (isOpen) void modelCommands.refreshStored();
  }, [isOpen]);
  return (
    <Sheet
      title="Models"
      description="A language model that speaks, and a CLIP of pictures or a CLAP of sounds that judges. Both stay as they are; only the projector between them learns."
      place="side"
      {...props}
    >
      <PairChoice />
      {fault && <FaultNote fault={fault} />}
      <PlanPanel onUse={() => props.onOpenChange(false)} />
      <h3 className={styles['heading']}>Stored on this disk</h3>
      <StoredList />
      <OwnFiles />
      <h3 className={styles['heading']}>Where models come from</h3>
      <HubFields />
    </Sheet>
  );
}
