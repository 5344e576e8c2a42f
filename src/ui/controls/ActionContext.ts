/** What the actions act on, handed down from the app to buttons and keyboard. */
import { createContext, useContext } from 'react';
import type { ActionContext } from '../../state/actions';

const Context = createContext<ActionContext | undefined>(undefined);
export const ActionProvider = Context.Provider;

export function useActionContext(): ActionContext {
  const context = useContext(Context);
  if (!context) throw new Error('an action button outside of <ActionProvider>');
  return context;
}
