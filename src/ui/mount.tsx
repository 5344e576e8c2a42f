/** Mounts the page and starts it. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startPage } from '../state/page';
import { App } from './App';
import './styles/tokens.css';
import './styles/base.css';

export function mount(root: HTMLElement): void {
  startPage();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
