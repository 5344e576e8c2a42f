/** The button of an action: label, shortcut, tooltip and whether it can be pressed come from there. */
import { ACTIONS, type ActionId } from '../../state/actions';
import { stores } from '../../state/page';
import { Button, type ButtonProps } from '../basics/Button';
import { Hint } from '../basics/Hint';
import type { IconName } from '../basics/Icon';
import { useStore } from '../useStore';
import { useActionContext } from './ActionContext';
import styles from './ActionButton.module.css';

const ICONS: Readonly<Record<ActionId, IconName>> = {
  train: 'play',
  pause: 'pause',
  step: 'step',
  reset: 'reset',
  export: 'export',
  continue: 'export',
  import: 'import',
  help: 'info',
};

interface ActionButtonProps {
  id: ActionId;
  look?: ButtonProps['look'];
  /** Where room is short the label goes, last of all that of what is `needed`. */
  label?: 'needed' | 'useful' | 'spare';
  /** For automated clients; the import button has none, its file input does. */
  testId?: string;
}

export function ActionButton({
  id,
  look = 'plain',
  label: weight = 'spare',
  testId,
}: ActionButtonProps) {
  const context = useActionContext();
  const action = ACTIONS[id];
  const label = useStore(stores.session, action.label);
  const isEnabled = useStore(stores.session, action.enabled);
  return (
    <Hint text={action.help} shortcut={action.shortcut}>
      <Button
        icon={ICONS[id]}
        look={look}
        disabled={!isEnabled}
        onClick={() => action.run(context)}
        aria-label={label}
        aria-keyshortcuts={action.shortcut}
        data-testid={testId}
        className={styles[weight]}
      >
        <span className={styles['label']}>{label}</span>
      </Button>
    </Hint>
  );
}
