/** What the models are, said honestly, and where everything runs. */
import { stores } from '../state/page';
import styles from './Footer.module.css';
import { useStore } from './useStore';

export function Footer() {
  const adapter = useStore(stores.session, (session) => session.adapter);
  const networks = adapter?.provider === 'wasm' ? 'WebAssembly' : 'WebGPU';
  return (
    <footer className={styles['footer']}>
      <p>
        The bundled world: a small CLIP and a small GPT-2, trained by this project on generated
        pictures of shapes. No picture leaves this machine.
      </p>
      {adapter && (
        <p>
          Training on {adapter.name} (WebGPU); frozen networks on {networks}.
        </p>
      )}
    </footer>
  );
}
