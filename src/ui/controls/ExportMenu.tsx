/** What can be taken home, each with what it is for. */
import { DropdownMenu } from 'radix-ui';
import { ACTIONS } from '../../state/actions';
import { stores } from '../../state/page';
import { useStore } from '../useStore';
import { useActionContext } from './ActionContext';
import styles from './ExportMenu.module.css';
import { MoreButton } from './MoreButton';

const CHOICES = [
  { title: 'Prefix weights', action: ACTIONS.export },
  { title: 'Continue in PyTorch', action: ACTIONS.continue },
] as const;

export function ExportMenu() {
  const context = useActionContext();
  const isEnabled = useStore(stores.session, ACTIONS.continue.enabled);
  return (
    // Neither modal nor in a portal: for assistive technology it opens inside of the page's landmark.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <MoreButton disabled={!isEnabled} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        className={styles['menu']}
        align="end"
        sideOffset={6}
        collisionPadding={8}
      >
        {CHOICES.map(({ title, action }) => (
          <DropdownMenu.Item
            key={action.id}
            className={styles['item']}
            onSelect={() => action.run(context)}
          >
            <span className={styles['title']}>
              {title}
              <kbd>{action.shortcut}</kbd>
            </span>
            <span className={styles['help']}>{action.help}</span>
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
