/** What the models are, and where everything runs. */
import { stores } from '../state/page';
import styles from './Footer.module.css';
import { useStore } from './useStore';
import { World } from './World';

export function Footer() {
  const adapter = useStore(stores.session, (session) => session.adapter);
  const networks = adapter?.provider === 'wasm' ? 'WebAssembly' : 'WebGPU';
  return (
    <footer className={styles['footer']}>
      <p>
        <World /> No picture leaves this machine.
      </p>
      {adapter && (
        <p>
          Training on {adapter.name} (WebGPU); frozen networks on {networks}.
        </p>
      )}
    </footer>
  );
}
