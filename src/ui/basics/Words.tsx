/** Text as it is written, of pictures; where the models of the run listen, in words of sounds. */
import { Children, type ReactNode } from 'react';
import { inWordsOf, modalityOf, type Modality } from '../../state/modality';
import { stores } from '../../state/page';
import { useStore } from '../useStore';

export function useModality(): Modality {
  const encoder = useStore(stores.session, (session) => session.encoder);
  const pair = useStore(stores.models, (models) => models.pair);
  return modalityOf(encoder, pair);
}

export function useWords(): (text: string) => string {
  const modality = useModality();
  return (text) => inWordsOf(modality, text);
}

/** Of its children only texts are changed: elements have words of their own. */
export function Words({ children }: { children: ReactNode }) {
  const words = useWords();
  return Children.map(children, (child) => (typeof child === 'string' ? words(child) : child));
}
