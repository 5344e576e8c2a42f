/** A tooltip that explains what it wraps, on hover and on keyboard focus. */
import { Tooltip } from 'radix-ui';
import type { FocusEvent, ReactElement, ReactNode } from 'react';
import styles from './Hint.module.css';
import { Words } from './Words';

interface HintProps {
  text: ReactNode;
  /** A key that does the same. */
  shortcut?: string | undefined;
  side?: 'top' | 'bottom' | 'left' | 'right';
  children: ReactElement;
}

/** Focus that was moved by a click or by the page itself asks for no explanation. */
function hushUnlessKeyboard(event: FocusEvent): void {
  if (!event.currentTarget.matches(':focus-visible')) event.preventDefault();
}

export function Hint({ text, shortcut, side = 'bottom', children }: HintProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild onFocus={hushUnlessKeyboard}>
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className={styles['hint']} side={side} sideOffset={6} collisionPadding={8}>
          <Words>{text}</Words>
          {shortcut && <kbd className={styles['key']}>{shortcut}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** A word with a dotted line under it, whose meaning can be looked up in place. */
export function Term({ help, children }: { help: string; children: ReactNode }) {
  return (
    <Hint text={help} side="top">
      <button type="button" className={styles['term']}>
        <Words>{children}</Words>
      </button>
    </Hint>
  );
}
