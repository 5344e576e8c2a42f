/** What the models are, and where everything runs. */
import { stores } from '../state/page';
import { useWords, Words } from './basics/Words';
import styles from './Footer.module.css';
import { useStore } from './useStore';
import { World } from './World';

const WHERE = { webgpu: 'WebGPU', wasm: 'WebAssembly', kernels: 'our own kernels' } as const;

export function Footer() {
  const adapter = useStore(stores.session, (session) => session.adapter);
  const encoder = useWords()('CLIP');
  const providers = useStore(stores.session, (session) => session.providers);
  return (
    <footer className={styles['footer']}>
      <p>
        <World /> <Words>No picture leaves this machine.</Words>
      </p>
      {adapter && (
        <p>
          Training on {adapter.name} (WebGPU)
          {providers && `; GPT-2 on ${WHERE[providers.lm]}, ${encoder} on ${WHERE[providers.clip]}`}
          .
        </p>
      )}
    </footer>
  );
}
