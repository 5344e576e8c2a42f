/** A calm word where the GPU does not do all of the work, so that nobody wonders why it is slow. */
import { useState } from 'react';
import { stores } from '../../state/page';
import type { SessionState } from '../../state/session';
import { Button } from '../basics/Button';
import { Icon } from '../basics/Icon';
import { useStore } from '../useStore';
import styles from './notices.module.css';

export function AdapterNotice() {
  const text = useStore(stores.session, slowness);
  const [dismissed, setDismissed] = useState<string>();
  if (!text || text === dismissed) return null;
  return (
    <aside className={styles['adapter']} aria-label="About this browser">
      <Icon name="info" />
      <p>{text}</p>
      <Button icon="close" look="quiet" aria-label="Dismiss" onClick={() => setDismissed(text)} />
    </aside>
  );
}

function slowness({ adapter, providers }: SessionState): string | undefined {
  if (adapter?.isSoftware)
    return `This browser draws with the CPU (${adapter.name}): training is slower.`;
  // On a real GPU only halves keep CLIP from it.
  return providers?.clip === 'wasm'
    ? 'This GPU has no 16-bit shaders: CLIP’s fp16 file runs on WebAssembly. Its fp32 file, chosen under Models, would run on the GPU.'
    : undefined;
}
