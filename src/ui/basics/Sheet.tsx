/** A modal dialog: a sheet at the side for long content, a box in the middle, or a wide one for tables. */
import { Dialog } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { Button } from './Button';
import styles from './Sheet.module.css';
import { useWords } from './Words';

interface SheetProps {
  title: string;
  description: string;
  place: 'side' | 'middle' | 'wide';
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
  children: ReactNode;
}

export function Sheet({ title, description, place, isOpen, onOpenChange, children }: SheetProps) {
  // Radix gives the focus back to a trigger of its own, and sheets have none.
  const opener = useRef<Element>(null);
  const words = useWords();
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles['veil']} />
        <Dialog.Content
          className={`${styles['sheet']} ${styles[place]}`}
          onOpenAutoFocus={() => {
            opener.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus();
          }}
        >
          <header className={styles['head']}>
            <div>
              <Dialog.Title className={styles['title']}>{words(title)}</Dialog.Title>
              <Dialog.Description className={styles['description']}>
                {words(description)}
              </Dialog.Description>
            </div>
            <Dialog.Close asChild>
              <Button icon="close" look="quiet" aria-label="Close" />
            </Dialog.Close>
          </header>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
          <div className={styles['body']} tabIndex={0} role="group" aria-label={title}>
            {children}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
