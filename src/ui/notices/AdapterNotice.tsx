/** A calm word where no GPU does the work, so that nobody wonders why it is slow. */
import { useState } from 'react';
import { stores } from '../../state/page';
import { Button } from '../basics/Button';
import { Icon } from '../basics/Icon';
import { useStore } from '../useStore';
import styles from './notices.module.css';

export function AdapterNotice() {
  const adapter = useStore(stores.session, (session) => session.adapter);
  const hasHalves = useStore(stores.models, ({ pair }) => pair.lmDType === 'f16');
  const [isDismissed, setIsDismissed] = useState(false);
  if (!adapter?.isSoftware || isDismissed) return null;
  const onWasm = hasHalves ? 'CLIP runs' : 'frozen networks run';
  const networks = adapter.provider === 'wasm' ? `${onWasm} on WebAssembly; ` : '';
  return (
    <aside className={styles['adapter']} aria-label="About this browser">
      <Icon name="info" />
      <p>
        This browser draws with the CPU ({adapter.name}): {networks}training is slower.
      </p>
      <Button icon="close" look="quiet" aria-label="Dismiss" onClick={() => setIsDismissed(true)} />
    </aside>
  );
}
