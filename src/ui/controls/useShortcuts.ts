/** The keyboard: keys start actions, unless the person is typing or a dialog is open. */
import { useEffect } from 'react';
import { actionFor, type ActionContext } from '../../state/actions';
import { stores } from '../../state/page';

const TYPING = 'input, select, textarea, [contenteditable="true"], [role="dialog"], [role="menu"]';
/** Space presses these itself. */
const PRESSED_BY_SPACE = 'button:enabled, a, summary, [role="tab"]';

function isMeantForElement(event: KeyboardEvent): boolean {
  if (!(event.target instanceof Element)) return false;
  if (event.target.closest(TYPING)) return true;
  return event.key === ' ' && event.target.closest(PRESSED_BY_SPACE) !== null;
}

export function useShortcuts(context: ActionContext): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (isMeantForElement(event)) return;
      const action = actionFor(event.key, stores.session.getState());
      if (!action) return;
      event.preventDefault();
      action.run(context);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [context]);
}
