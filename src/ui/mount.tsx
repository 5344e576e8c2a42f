/** Mounts the page and starts it. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startPage, stores } from '../state/page';
import { isOpen } from '../state/session';
import { App } from './App';
import { fetchParts } from './LazyPart';
import './styles/tokens.css';
import './styles/base.css';

export function mount(root: HTMLElement): void {
  startPage();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  fetchPartsWhenLoaded();
}

/** Not before: the models need the line and the processors more. */
function fetchPartsWhenLoaded(): void {
  const stop = stores.session.subscribe((session) => {
    if (!isOpen(session) && session.status !== 'failed') return;
    stop();
    void fetchParts();
  });
}
