/** What the models are, and where everything runs. */
import { stores } from '../state/page';
import styles from './Footer.module.css';
import { useStore } from './useStore';
import { World } from './World';

export function Footer() {
  const adapter = useStore(stores.session, (session) => session.adapter);
  const provider = adapter?.provider === 'wasm' ? 'WebAssembly' : 'WebGPU';
  const hasHalves = useStore(stores.models, ({ pair }) => pair.lmDType === 'f16');
  const networks = hasHalves
    ? `GPT-2 on our own kernels, CLIP on ${provider}`
    : `frozen networks on ${provider}`;
  return (
    <footer className={styles['footer']}>
      <p>
        <World /> No picture leaves this machine.
      </p>
      {adapter && (
        <p>
          Training on {adapter.name} (WebGPU); {networks}.
        </p>
      )}
    </footer>
  );
}
